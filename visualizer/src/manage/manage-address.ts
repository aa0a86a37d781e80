import { computed } from "@preact/signals";
import { beside, besideLink } from "../state/beside.ts";

/** The address of the page about a venue, or about all of them. */
export function manageLink(venueId = ""): string {
  return besideLink("manage", venueId);
}

/** The address of a venue's map. */
export function mapLink(venueId: string | null): string {
  return venueId === null ? "#" : `#${new URLSearchParams({ venue: venueId })}`;
}

/** The id of the venue that is to be managed, `""` for all of them, null where the page is about anything else. */
export const managed = computed(() => (beside.value?.page === "manage" ? beside.value.venueId : null));
