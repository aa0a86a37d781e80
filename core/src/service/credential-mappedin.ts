import { randomBytes } from "node:crypto";
import { NOTE_MAPPEDIN_DEVICE_SCRIPT } from "../storage/credential-scripts.ts";
import { mappedinVenueKey, venueRecordKey } from "../storage/keys.ts";
import {
  dropVenueReference,
  encodeVenueReference,
  followVenueReference,
  mappedinReferenceOf,
} from "./credential-venue-reference.ts";
import { Pseudonyms } from "./pseudonyms.ts";
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

/**
 * Makes a device active in the venue, and in no other; false where the venue is gone.
 * @param deviceId its own id
 */
export async function activateMappedinDevice(
  redis: RedisClient,
  record: VenueRecord,
  deviceId: string,
  pseudonyms = new Pseudonyms(null),
): Promise<boolean> {
  const { venueId, incarnation, keys } = record;
  const reference = referenceIn(record, deviceId, pseudonyms);
  const member = record.settings.pseudonyms ? `${reference}.${pseudonyms.of(record, deviceId)}` : reference;
  const note = defineScript(redis, "encounterNoteMappedinDevice", NOTE_MAPPEDIN_DEVICE_SCRIPT);
  const noted = await note(
    [venueRecordKey(venueId), keys.mappedinDevices, keys.jwtSecret],
    [incarnation, member, randomBytes(32).toString("base64url")],
  );
  if (noted !== 1) return false;
  await redis.set(mappedinVenueKey(reference), encodeVenueReference(record), "PX", ACTIVATION_LIFETIME_MS);
  const others = referencesOf(deviceId, pseudonyms).filter((other) => other !== reference);
  await Promise.all(others.map((other) => redis.unlink(mappedinVenueKey(other))));
  return true;
}

/** The venue a device is active in; null where it is in none, or the venue is gone or does not serve the contract. */
export async function findMappedinVenue(
  redis: RedisClient,
  deviceId: string,
  pseudonyms = new Pseudonyms(null),
): Promise<VenueRecord | null> {
  for (const reference of referencesOf(deviceId, pseudonyms)) {
    const record = await followVenueReference(redis, mappedinVenueKey(reference));
    if (record !== null) return record.settings.mappedin ? record : null;
  }
  return null;
}

/** Lets a device stay active for {@link ACTIVATION_LIFETIME_MS} from now. */
export async function keepMappedinDevice(
  redis: RedisClient,
  record: VenueRecord,
  deviceId: string,
  pseudonyms = new Pseudonyms(null),
): Promise<void> {
  await redis.pexpire(mappedinVenueKey(referenceIn(record, deviceId, pseudonyms)), ACTIVATION_LIFETIME_MS);
}

/** Forgets the venue's devices whose activation has expired, or is for another venue by now. */
export async function forgetMappedinDevices(redis: RedisClient, record: VenueRecord): Promise<void> {
  const { mappedinDevices } = record.keys;
  const own = encodeVenueReference(record);
  let cursor = "0";
  do {
    const [next, members] = await redis.sscan(mappedinDevices, cursor, "COUNT", DEVICES_PER_LOOK);
    cursor = next;
    const names = members.map((member) => mappedinVenueKey(mappedinReferenceOf(member)));
    const references = await Promise.all(names.map((name) => redis.get(name)));
    const gone = members.filter((_, index) => references[index] !== own);
    if (gone.length > 0) await redis.srem(mappedinDevices, ...gone);
    // Activations of an earlier version had no end.
    await Promise.all(names.map((name) => redis.pexpire(name, ACTIVATION_LIFETIME_MS, "NX")));
  } while (cursor !== "0");
}

/**
 * Ends a device's activation in the venue; false where it had none.
 * @param name what the venue's store knows the device by
 */
export async function deactivateMappedinDevice(
  redis: RedisClient,
  record: VenueRecord,
  name: string,
): Promise<boolean> {
  const members = record.settings.pseudonyms ? await membersOf(redis, record, name) : [name];
  let isEnded = false;
  for (const member of members) {
    await redis.srem(record.keys.mappedinDevices, member);
    isEnded = (await dropVenueReference(redis, mappedinVenueKey(mappedinReferenceOf(member)), record)) || isEnded;
  }
  return isEnded;
}

/** What a device of a venue is known by outside of it: its own id, or a hash of that where the venue keeps pseudonyms. */
function referenceIn({ settings }: VenueRecord, deviceId: string, pseudonyms: Pseudonyms): string {
  return (settings.pseudonyms ? pseudonyms.outsideVenues(deviceId) : null) ?? deviceId;
}

/** All that a device may be known by outside of venues. */
function referencesOf(deviceId: string, pseudonyms: Pseudonyms): string[] {
  const hidden = pseudonyms.outsideVenues(deviceId);
  return hidden === null ? [deviceId] : [hidden, deviceId];
}

/** The members of a venue with pseudonyms that are of one: each is "what it is known by outside.pseudonym". */
async function membersOf(redis: RedisClient, { keys }: VenueRecord, pseudonym: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = "0";
  do {
    const [next, members] = await redis.sscan(keys.mappedinDevices, cursor, "COUNT", DEVICES_PER_LOOK);
    cursor = next;
    found.push(...members.filter((member) => member.endsWith(`.${pseudonym}`)));
  } while (cursor !== "0");
  return found;
}

/** The secret of the venue's device JWTs, 256 bits; null where no device was ever activated. */
export async function readJwtSecret(redis: RedisClient, record: VenueRecord): Promise<Uint8Array | null> {
  const secret = await redis.get(record.keys.jwtSecret);
  return secret === null ? null : Buffer.from(secret, "base64url");
}
