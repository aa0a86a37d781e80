import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import { Refused, SignedOut } from "../server/requests.ts";
import type { Opening } from "../state/opening.ts";
import { Brand } from "./Brand.tsx";

/** Asks for the operator token. */
export function SignInPage({ opening }: { opening: Opening }) {
  const words = texts.value;
  const trouble = useSignal<"wrong" | "failed" | null>(null);
  const busy = useSignal(false);
  const linkExpired = new URLSearchParams(location.hash.slice(1)).get("sign-in") === "expired";

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get("token") ?? "").trim();
    busy.value = true;
    trouble.value = null;
    try {
      await opening.signIn(token);
    } catch (error) {
      const wrong = error instanceof SignedOut || (error instanceof Refused && error.status < 500);
      trouble.value = wrong ? "wrong" : "failed";
    } finally {
      busy.value = false;
    }
  }

  return (
    <main class="word-page" id="map" data-connection="signed-out" data-circles="0" data-lines="0" data-minute="">
      <form class="word-card" onSubmit={(event) => void submit(event)}>
        <Brand />
        <h1>{words.signIn}</h1>
        {linkExpired && <p class="trouble">{words.linkExpired}</p>}
        <p>{words.signInDetail}</p>
        {/* For password managers, which file a password under a name. */}
        <input
          class="unseen"
          name="username"
          autocomplete="username"
          value="operator"
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <label class="field">
          <span>{words.token}</span>
          <input
            name="token"
            type="password"
            autocomplete="current-password"
            required
            spellcheck={false}
            aria-invalid={trouble.value === "wrong"}
            aria-describedby="sign-in-trouble"
          />
        </label>
        <p class="trouble" id="sign-in-trouble" role="alert">
          {trouble.value === "wrong" && words.wrongToken}
          {trouble.value === "failed" && words.signInFailed}
        </p>
        <button type="submit" class="primary" disabled={busy.value}>
          {words.signIn}
        </button>
      </form>
    </main>
  );
}
