import type { RedisClient } from "@encounter/core/service/redis";
import { listVenueIds, loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";

/** Venues read in one go. */
const VENUES_AT_ONCE = 200;

/** Every venue there is, in no order. */
export async function loadVenues(redis: RedisClient): Promise<VenueRecord[]> {
  const venueIds = await listVenueIds(redis);
  const records: VenueRecord[] = [];
  for (let at = 0; at < venueIds.length; at += VENUES_AT_ONCE) {
    const some = await Promise.all(venueIds.slice(at, at + VENUES_AT_ONCE).map((id) => loadVenue(redis, id)));
    records.push(...some.filter((record) => record !== null));
  }
  return records;
}
