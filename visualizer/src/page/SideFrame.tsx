import type { ComponentChildren } from "preact";
import { texts } from "../language/language.ts";

interface Props {
  readonly label: string;
  readonly title: string;
  /** What sort of panel it is, for the style sheet. */
  readonly kind?: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/** A panel beside the map: its heading, the way to close it, and what is in it. */
export function SideFrame({ label, title, kind, close, children }: Props) {
  return (
    <section class={kind === undefined ? "side" : `side side-${kind}`} aria-label={label}>
      <header class="side-head">
        <h2>{title}</h2>
        <button type="button" class="close" aria-label={texts.value.close} onClick={close}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      </header>
      <div class="side-body">{children}</div>
    </section>
  );
}
