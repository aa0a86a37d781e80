import { texts } from "../language/language.ts";
import { leaveBeside } from "../state/beside.ts";
import type { Opening } from "../state/opening.ts";

/** Ends the session. Whoever signs in next begins with the map. */
export function SignOut({ opening }: { opening: Opening }) {
  const words = texts.value;
  return (
    <button
      type="button"
      class="sign-out"
      aria-label={words.signOut}
      title={words.signOut}
      onClick={() => void opening.signOut().then(leaveBeside, () => {})}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M6 2.5H3.5v11H6M7 8h7M11 4.8L14.2 8 11 11.2" />
      </svg>
    </button>
  );
}
