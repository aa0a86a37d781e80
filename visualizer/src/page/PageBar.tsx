import { rightsIn } from "../access/rights.ts";
import { texts } from "../language/language.ts";
import { mapLink } from "../manage/manage-address.ts";
import { type BesidePage, besideLink } from "../state/beside.ts";
import type { MapState } from "../state/map-state.ts";
import type { Opening } from "../state/opening.ts";
import { Brand } from "./Brand.tsx";
import { LanguageChoice } from "./LanguageChoice.tsx";
import { SignOut } from "./SignOut.tsx";

interface Props {
  readonly state: MapState;
  readonly opening: Opening;
  /** The page that it heads. */
  readonly page: BesidePage;
  /** The venue that one comes from, or looks at. */
  readonly venueId: string | null;
}

/** The head of a page beside the map: the ways to all that whoever is signed in may see. */
export function PageBar({ state, opening, page, venueId }: Props) {
  const words = texts.value;
  const session = state.session.value;
  const venues = state.venues.value.map(({ venue_id }) => ({ venueId: venue_id, ...rightsIn(session, venue_id) }));
  const mapVenue = (venues.find((each) => each.watch && each.venueId === venueId) ?? venues.find(({ watch }) => watch))
    ?.venueId;
  const ways: readonly { page: BesidePage; name: string; isOpen: boolean }[] = [
    { page: "manage", name: words.manage.title, isOpen: session.operator || venues.some(({ manage }) => manage) },
    { page: "audit", name: words.audit.title, isOpen: session.operator || venues.some(({ audit }) => audit) },
    { page: "account", name: words.account.title, isOpen: true },
  ];
  return (
    <header class="top-bar page-bar">
      <Brand />
      <nav class="page-ways" aria-label={words.ways}>
        {mapVenue !== undefined && <a href={mapLink(mapVenue)}>{words.manage.toMap}</a>}
        {ways.map(
          (way) =>
            way.isOpen && (
              <a key={way.page} href={besideLink(way.page)} aria-current={way.page === page ? "page" : undefined}>
                {way.name}
              </a>
            ),
        )}
      </nav>
      <LanguageChoice />
      <SignOut opening={opening} />
    </header>
  );
}
