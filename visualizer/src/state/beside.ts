import { signal } from "@preact/signals";

const PAGES = ["manage", "account", "audit"] as const;
/** A page beside the map. */
export type BesidePage = (typeof PAGES)[number];

/** A page beside the map, and the venue that it is about, `""` for all of them. */
export interface BesidePlace {
  readonly page: BesidePage;
  readonly venueId: string;
}

/** What an address asks for beside the map; null where it is about the map. */
export function readBeside(hash: string): BesidePlace | null {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const page = PAGES.find((each) => words.has(each));
  return page === undefined ? null : { page, venueId: words.get(page) ?? "" };
}

/** The address of a page beside the map. Links make steps that Back goes back. */
export function besideLink(page: BesidePage, venueId = ""): string {
  return venueId === "" ? `#${page}` : `#${new URLSearchParams({ [page]: venueId })}`;
}

/** What the page's address asks for beside the map now; kept with the rest of the address. */
export const beside = signal(readBeside(location.hash));

/** Goes to the map, as whoever comes next finds it. */
export function leaveBeside(): void {
  if (beside.peek() === null) return;
  history.replaceState(null, "", location.pathname);
  beside.value = null;
}
