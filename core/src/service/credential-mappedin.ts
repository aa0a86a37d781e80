import { randomBytes } from "node:crypto";
import { NOTE_MAPPEDIN_DEVICE_SCRIPT } from "../storage/credential-scripts.ts";
import { mappedinVenueKey, venueRecordKey } from "../storage/keys.ts";
import { dropVenueReference, encodeVenueReference, followVenueReference } from "./credential-venue-reference.ts";
import type { RedisClient } from "./redis.ts";
import { defineScript } from "./script.ts";
import type { VenueRecord } from "./venue-store.ts";

/**
 * Devices of the MappedIn contract. Its calls name a device but no venue, so a device is active in one venue at a time:
 * the one it was last activated for.
 */

/** How long a device stays active that does not ask for a token: as long as one of the devices' door would live. */
export const ACTIVATION_LIFETIME_MS = 30 * 86_400_000;
/** How many devices are looked at in one go. */
const DEVICES_PER_LOOK = 500;

/** Makes a device active in the venue, and in no other; false where the venue is gone. */
export async function activateMappedinDevice(
  redis: RedisClient,
  record: VenueRecord,
  deviceId: string,
): Promise<boolean> {
  const { venueId, incarnation, keys } = record;
  const note = defineScript(redis, "encounterNoteMappedinDevice", NOTE_MAPPEDIN_DEVICE_SCRIPT);
  const noted = await note(
    [venueRecordKey(venueId), keys.mappedinDevices, keys.jwtSecret],
    [incarnation, deviceId, randomBytes(32).toString("base64url")],
  );
  if (noted !== 1) return false;
  await redis.set(mappedinVenueKey(deviceId), encodeVenueReference(record), "PX", ACTIVATION_LIFETIME_MS);
  return true;
}

/** The venue a device is active in; null where it is in none, or the venue is gone or does not serve the contract. */
export async function findMappedinVenue(redis: RedisClient, deviceId: string): Promise<VenueRecord | null> {
  const record = await followVenueReference(redis, mappedinVenueKey(deviceId));
  return record?.settings.mappedin === true ? record : null;
}

/** Lets a device stay active for {@link ACTIVATION_LIFETIME_MS} from now. */
export async function keepMappedinDevice(redis: RedisClient, deviceId: string): Promise<void> {
  await redis.pexpire(mappedinVenueKey(deviceId), ACTIVATION_LIFETIME_MS);
}

/** Forgets the venue's devices whose activation has expired, or is for another venue by now. */
export async function forgetMappedinDevices(redis: RedisClient, record: VenueRecord): Promise<void> {
  const { mappedinDevices } = record.keys;
  const own = encodeVenueReference(record);
  let cursor = "0";
  do {
    const [next, deviceIds] = await redis.sscan(mappedinDevices, cursor, "COUNT", DEVICES_PER_LOOK);
    cursor = next;
    const references = await Promise.all(deviceIds.map((deviceId) => redis.get(mappedinVenueKey(deviceId))));
    const gone = deviceIds.filter((_, index) => references[index] !== own);
    if (gone.length > 0) await redis.srem(mappedinDevices, ...gone);
    // Activations of an earlier version had no end.
    await Promise.all(deviceIds.map((id) => redis.pexpire(mappedinVenueKey(id), ACTIVATION_LIFETIME_MS, "NX")));
  } while (cursor !== "0");
}

/** Ends a device's activation in the venue; false where it had none. */
export async function deactivateMappedinDevice(
  redis: RedisClient,
  record: VenueRecord,
  deviceId: string,
): Promise<boolean> {
  await redis.srem(record.keys.mappedinDevices, deviceId);
  return dropVenueReference(redis, mappedinVenueKey(deviceId), record);
}

/** The secret of the venue's device JWTs, 256 bits; null where no device was ever activated. */
export async function readJwtSecret(redis: RedisClient, record: VenueRecord): Promise<Uint8Array | null> {
  const secret = await redis.get(record.keys.jwtSecret);
  return secret === null ? null : Buffer.from(secret, "base64url");
}
