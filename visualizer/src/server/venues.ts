import type { MapSettings } from "@encounter/core/wire/map-settings";
import type { VenueStatus } from "@encounter/core/wire/status";
import type { Venue } from "@encounter/core/wire/venue";
import type { FeatureCollection } from "geojson";
import { caseReference } from "../access/case-reference.ts";
import type { LineMeasure } from "./live-connection.ts";
import { getJson, getJsonOr, sendJson } from "./requests.ts";

export type { Venue } from "@encounter/core/wire/venue";

/** What the operator configured for the map. */
export type MapConfig = MapSettings["map"];

/** Where the api has all of a venue, and below it `more`. */
export function venuePath(venueId: string, more = ""): string {
  return `/v1/venues/${encodeURIComponent(venueId)}${more}`;
}

/** @throws SignedOut | Refused | Unreachable */
export async function fetchMapConfig(): Promise<MapConfig> {
  return (await getJsonOr<MapSettings>("/v1/config", { map: {} })).map;
}

/** @throws SignedOut | Refused | Unreachable */
export async function fetchVenues(): Promise<Venue[]> {
  return (await getJson<{ venues: Venue[] }>("/v1/venues")).venues;
}

/**
 * The venue's floor plan; null, or one without features, where it has none.
 * @throws SignedOut | Refused | Unreachable
 */
export async function fetchPlan(venueId: string, signal: AbortSignal): Promise<FeatureCollection | null> {
  return getJsonOr<FeatureCollection | null>(venuePath(venueId, "/plan"), null, signal);
}

/** How a venue stands. Cheap: also learns whether the server is there and the session still holds. */
export function fetchStatus(venueId: string): Promise<VenueStatus> {
  return getJson<VenueStatus>(venuePath(venueId, "/status"));
}

/**
 * Where the venue's live feed is.
 * @param measure what its lines are to be measured by, where that is not the venue's own
 */
export function liveUrl(venueId: string, measure: LineMeasure | null): string {
  const url = new URL(venuePath(venueId, "/live"), location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  if (caseReference.peek() !== null) url.searchParams.set("case", caseReference.peek() ?? "");
  if (measure !== null) {
    url.searchParams.set("proximity", String(measure.proximityDm / 10));
    url.searchParams.set("certain", String(measure.certain));
  }
  return url.href;
}

/** Ends the session. @throws Refused | Unreachable */
export async function signOut(): Promise<void> {
  await sendJson("DELETE", "/v1/session");
}
