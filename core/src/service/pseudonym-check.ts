import { StartError } from "./environment.ts";
import { PseudonymKeyError, type Pseudonyms } from "./pseudonyms.ts";
import type { RedisClient } from "./redis.ts";
import { listVenueIds, loadVenue } from "./venue-store.ts";

/** Refuses to start beside venues whose devices could not be named. @throws StartError that names the first */
export async function checkPseudonyms(redis: RedisClient, pseudonyms: Pseudonyms): Promise<void> {
  for (const venueId of await listVenueIds(redis)) {
    const record = await loadVenue(redis, venueId);
    try {
      if (record !== null) pseudonyms.check(record);
    } catch (error) {
      throw error instanceof PseudonymKeyError ? new StartError(error.message) : error;
    }
  }
}
