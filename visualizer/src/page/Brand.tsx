import { texts } from "../language/language.ts";

/** The mark and the name. */
export function Brand() {
  return (
    <span class="brand">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <circle cx="12" cy="16" r="8.5" class="mark-one" />
        <circle cx="20" cy="16" r="8.5" class="mark-other" />
      </svg>
      <span class="brand-name">{texts.value.title}</span>
    </span>
  );
}
