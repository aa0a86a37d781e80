import type { Venue } from "@encounter/core/wire/venue";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { fetchStatus } from "../server/venues.ts";
import type { Opening } from "../state/opening.ts";
import { DeleteSection } from "./DeleteSection.tsx";
import { EraseSection } from "./EraseSection.tsx";
import { InvitesSection } from "./InvitesSection.tsx";
import { KeysSection } from "./KeysSection.tsx";
import { manageLink } from "./manage-address.ts";
import { PeopleSection } from "./PeopleSection.tsx";
import { PlanSection } from "./PlanSection.tsx";
import { SettingsSection } from "./SettingsSection.tsx";
import { SettingsModel } from "./settings-model.ts";

const MINUTES_PER_DAY = 1_440;

interface Props {
  readonly venue: Venue;
  readonly opening: Opening;
  /** Whether it is the machine's owner who looks: nobody else makes or ends venues. */
  readonly isOwner: boolean;
}

/** Everything about one venue. */
export function VenueDetail({ venue, opening, isOwner }: Props) {
  const words = texts.value.manage;
  // What is typed outlives a change that somebody else makes: the model is the venue's, not its settings'.
  const model = useMemo(() => new SettingsModel(venue, opening), [venue.venue_id, opening]);
  const heading = useRef<HTMLHeadingElement>(null);
  const { venue_id: venueId } = venue;
  useEffect(() => {
    heading.current?.focus();
    void hasFixes(venue).then((found) => {
      if (found) model.fixed.value = new Set(["cap", "pseudonyms"]);
    });
  }, [venueId]);

  return (
    <article class="venue-detail">
      <header class="venue-head">
        <a class="all-venues" href={manageLink()}>
          ‹ {words.all}
        </a>
        <h1 ref={heading} tabIndex={-1}>
          {venue.name}
        </h1>
        <p class="soft">
          <code>{venueId}</code>
        </p>
      </header>
      <SettingsSection model={model} opening={opening} />
      <PlanSection venue={venue} opening={opening} isOwner={isOwner} />
      <KeysSection venueId={venueId} opening={opening} />
      <InvitesSection venueId={venueId} opening={opening} />
      <PeopleSection venueId={venueId} opening={opening} />
      <EraseSection venueId={venueId} opening={opening} />
      {isOwner && (
        <DeleteSection
          venue={venue}
          opening={opening}
          onDeleted={() => {
            location.hash = manageLink();
            void opening.start();
          }}
        />
      )}
    </article>
  );
}

/** Whether a venue has fixes for certain; where it is not known, the server has the last word. */
async function hasFixes({ venue_id, retention_days }: Venue): Promise<boolean> {
  try {
    const { newest_minute: newest, unevaluated_fixes: unevaluated } = await fetchStatus(venue_id);
    const kept = newest !== null && newest > Date.now() / 60_000 - retention_days * MINUTES_PER_DAY;
    return kept || unevaluated > 0;
  } catch {
    return false;
  }
}
