import { signal } from "@preact/signals";

/** The id of the venue that an address asks to manage, `""` for all of them, null where it is about the map. */
export function readManaged(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("manage");
}

/** The address of the page about a venue, or about all of them. Links make steps that Back goes back. */
export function manageLink(venueId = ""): string {
  return venueId === "" ? "#manage" : `#${new URLSearchParams({ manage: venueId })}`;
}

/** The address of a venue's map. */
export function mapLink(venueId: string | null): string {
  return venueId === null ? "#" : `#${new URLSearchParams({ venue: venueId })}`;
}

/** What the page's address asks to manage now; kept with the rest of the address. */
export const managed = signal(readManaged(location.hash));
