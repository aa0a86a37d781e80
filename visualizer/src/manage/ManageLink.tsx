import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { manageLink } from "./manage-address.ts";

/** The way from a venue's map to its settings. */
export function ManageLink({ state }: { state: MapState }) {
  const { open } = texts.value.manage;
  return (
    <a class="sign-out" href={manageLink(state.venueId.value ?? "")} title={open}>
      <span class="unseen">{open}</span>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="2.1" />
        <path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6L11 5M5 11l-1.4 1.4" />
        <circle cx="8" cy="8" r="4.2" />
      </svg>
    </a>
  );
}
