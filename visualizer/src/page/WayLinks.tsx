import type { ComponentChildren } from "preact";
import { texts } from "../language/language.ts";
import { besideLink } from "../state/beside.ts";
import type { MapState } from "../state/map-state.ts";

/** The ways from a venue's map to what lies beside it: its settings, its log, one's own account. */
export function WayLinks({ state }: { state: MapState }) {
  const words = texts.value;
  const { manage, audit } = state.rights.value;
  const venueId = state.venueId.value ?? "";
  return (
    <>
      {manage && (
        <Way href={besideLink("manage", venueId)} name={words.manage.open}>
          <circle cx="8" cy="8" r="2.1" />
          <path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6L11 5M5 11l-1.4 1.4" />
          <circle cx="8" cy="8" r="4.2" />
        </Way>
      )}
      {audit && (
        <Way href={besideLink("audit", venueId)} name={words.audit.title} rare>
          <path d="M3.5 2h9v12h-9zM6 5.4h4M6 8h4M6 10.6h2.4" />
        </Way>
      )}
      <Way href={besideLink("account")} name={words.account.title}>
        <circle cx="8" cy="5.4" r="2.8" />
        <path d="M2.6 14c.5-3 2.6-4.4 5.4-4.4s4.9 1.4 5.4 4.4" />
      </Way>
    </>
  );
}

interface WayProps {
  readonly href: string;
  readonly name: string;
  /** Whether a narrow page leaves it to the pages beside the map. */
  readonly rare?: boolean;
  /** Its picture's strokes. */
  readonly children: ComponentChildren;
}

function Way({ href, name, rare = false, children }: WayProps) {
  return (
    <a class={rare ? "sign-out rare" : "sign-out"} href={href} title={name}>
      <span class="unseen">{name}</span>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {children}
      </svg>
    </a>
  );
}
