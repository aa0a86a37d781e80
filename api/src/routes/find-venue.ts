import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import { idTrouble } from "@encounter/core/wire/identity";
import { badRequest, noVenue } from "../http/api-error.ts";
import type { VenueParams } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

/** The venue of a path. @throws ApiError where there is none */
export async function findVenue({ redis }: ApiServices, { venue }: VenueParams): Promise<VenueRecord> {
  const record = await loadVenue(redis, checkId("venue", venue));
  if (record === null) throw noVenue(venue);
  return record;
}

/** An id as a path gives it. @throws ApiError where it can be none */
export function checkId(what: "venue" | "device", id: string): string {
  const trouble = idTrouble(id);
  if (trouble !== null) throw badRequest(`the ${what}'s id in the path ${trouble}`);
  return id;
}
