import type { Venue, VenueChange } from "@encounter/core/wire/venue";
import type { GatewayKey, OperatorDoor } from "./operator-door.ts";

/** A venue to be made ready, where the operator token allows it. */
export interface WantedVenue {
  readonly venueId: string;
  /** Settings of a venue that there is not yet, unless `change` says otherwise. */
  readonly whenNew: VenueChange;
  /** Settings to change. @param current the venue as it is, null where there is none yet */
  readonly change: (current: Venue | null) => VenueChange;
  /** GeoJSON, null to leave the plan as it is. */
  readonly plan: () => unknown | null;
}

/** A venue made ready, with the key that was made for this run. */
export interface ReadyVenue {
  readonly venueId: string;
  readonly key: GatewayKey;
}

/** Creates or changes a venue, gives it its plan, and makes a gateway key. @param keyName says who made the key */
export async function setUpVenue(door: OperatorDoor, wanted: WantedVenue, keyName: string): Promise<ReadyVenue> {
  const { venueId, whenNew, change, plan } = wanted;
  const current = await door.venue(venueId);
  await door.putVenue(venueId, current === null ? { ...whenNew, ...change(null) } : change(current));
  const geoJson = plan();
  if (geoJson !== null) await door.putPlan(venueId, geoJson);
  return { venueId, key: await door.createKey(venueId, keyName) };
}

/** Takes back the keys of a run, so that they do not pile up. Trouble is passed over: the run itself is over. */
export async function takeBackKeys(door: OperatorDoor, venues: readonly ReadyVenue[]): Promise<void> {
  await Promise.allSettled(venues.map(({ venueId, key }) => door.deleteKey(venueId, key.id)));
}
