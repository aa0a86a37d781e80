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
        <path d="M2 4.5h6.5M12.5 4.5H14M2 11.5h1.5M7.5 11.5H14" />
        <circle cx="10.5" cy="4.5" r="2" />
        <circle cx="5.5" cy="11.5" r="2" />
      </svg>
    </a>
  );
}
