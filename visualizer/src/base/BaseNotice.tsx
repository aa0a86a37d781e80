import type { Signal } from "@preact/signals";
import { texts } from "../language/language.ts";

/** Says that the streets are missing, until it was read. */
export function BaseNotice({ lost }: { lost: Signal<boolean> }) {
  if (!lost.value) return null;
  const words = texts.value;
  return (
    <div class="notice notice-base" role="status">
      <span>{words.bases.lost}</span>
      <button
        type="button"
        class="close"
        aria-label={words.close}
        onClick={() => {
          lost.value = false;
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 4l8 8M12 4l-8 8" />
        </svg>
      </button>
    </div>
  );
}
