import { PseudonymKeyError } from "@encounter/core/service/pseudonyms";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import { idTrouble } from "@encounter/core/wire/identity";
import { ApiError, badRequest, noVenue } from "../http/api-error.ts";
import type { DeviceParams, VenueParams } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

/** The venue of a path. @throws ApiError where there is none */
export async function findVenue({ redis }: ApiServices, { venue }: VenueParams): Promise<VenueRecord> {
  const record = await loadVenue(redis, checkId("venue", venue));
  if (record === null) throw noVenue(venue);
  return record;
}

/**
 * What a venue's store knows the device of a path by: its own id, or its pseudonym, whichever of both the path gives.
 * @throws ApiError where it can be none, or this service lacks the venue's key
 */
export function findDevice({ pseudonyms }: ApiServices, record: VenueRecord, { device }: DeviceParams): string {
  try {
    return pseudonyms.of(record, checkId("device", device));
  } catch (error) {
    throw error instanceof PseudonymKeyError ? new ApiError(503, "unavailable", error.message) : error;
  }
}

/** An id as a path gives it. @throws ApiError where it can be none */
export function checkId(what: "venue" | "device", id: string): string {
  const trouble = idTrouble(id);
  if (trouble !== null) throw badRequest(`the ${what}'s id in the path ${trouble}`);
  return id;
}
