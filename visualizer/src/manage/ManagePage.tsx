import type { Venue } from "@encounter/core/wire/venue";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { rightsIn } from "../access/rights.ts";
import { texts } from "../language/language.ts";
import type { BesideProps } from "../page/beside-props.ts";
import { PageBar } from "../page/PageBar.tsx";
import { managed, manageLink } from "./manage-address.ts";
import { NewVenueDialog } from "./NewVenueDialog.tsx";
import { VenueDetail } from "./VenueDetail.tsx";
import "./manage.css";
import "./erase.css";
import "./plan.css";

/** Venues, to be made, changed and ended. */
export function ManagePage({ state, opening }: BesideProps) {
  const words = texts.value.manage;
  const creating = useSignal(false);
  const session = state.session.value;
  const venues = state.venues.value.filter(({ venue_id }) => rightsIn(session, venue_id).manage);
  const venueId = managed.value ?? "";
  const venue = venues.find(({ venue_id }) => venue_id === venueId);
  const create = () => {
    creating.value = true;
  };
  useEffect(() => {
    document.title = `${venue?.name ?? words.title} · ${texts.value.title}`;
  }, [venue?.name, words.title]);

  return (
    <div class={`manage ${venueId === "" ? "manage-list" : "manage-venue"}`}>
      <PageBar state={state} opening={opening} page="manage" venueId={venue?.venue_id ?? state.venueId.value} />
      <div class="manage-desk">
        <VenueList venues={venues} venueId={venueId} create={session.operator ? create : null} />
        <main class="manage-main">
          {venue !== undefined && (
            <VenueDetail key={venueId} venue={venue} opening={opening} isOwner={session.operator} />
          )}
          {venue === undefined && venueId === "" && (
            <div class="manage-empty">
              <h1>{venues.length > 0 ? words.choose : session.operator ? words.none : words.noneOfYours}</h1>
              {venues.length > 0 && <p class="soft">{words.chooseDetail}</p>}
              {session.operator && (
                <button type="button" class="primary" onClick={create}>
                  {words.create}
                </button>
              )}
            </div>
          )}
          {venue === undefined && venueId !== "" && (
            <div class="manage-empty">
              <h1>{words.gone}</h1>
              <p class="soft">{words.goneDetail}</p>
              <a class="plain" href={manageLink()}>
                {words.all}
              </a>
            </div>
          )}
        </main>
      </div>
      {creating.value && (
        <NewVenueDialog
          opening={opening}
          onClosed={() => {
            creating.value = false;
          }}
        />
      )}
    </div>
  );
}

interface ListProps {
  readonly venues: readonly Venue[];
  readonly venueId: string;
  /** Null for whoever makes no venues. */
  readonly create: (() => void) | null;
}

function VenueList({ venues, venueId, create }: ListProps) {
  const words = texts.value.manage;
  return (
    <nav class="venue-list" aria-label={words.title}>
      <ul>
        {venues.map(({ venue_id, name }) => (
          <li key={venue_id}>
            <a href={manageLink(venue_id)} aria-current={venue_id === venueId ? "page" : undefined}>
              <span class="venue-name">{name}</span>
              <span class="soft">{venue_id}</span>
            </a>
          </li>
        ))}
      </ul>
      {create !== null && (
        <button type="button" class="plain" onClick={create}>
          {words.create}
        </button>
      )}
    </nav>
  );
}
