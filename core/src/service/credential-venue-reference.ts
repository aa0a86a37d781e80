import { REMOVE_IF_SCRIPT } from "../storage/credential-scripts.ts";
import { inviteVenueKey, mappedinVenueKey, VenueKeys } from "../storage/keys.ts";
import type { RedisClient } from "./redis.ts";
import { defineScript } from "./script.ts";
import { loadVenue, type VenueRecord } from "./venue-store.ts";

/**
 * Keys outside any venue that say which venue an invite code or a device is of. They name the incarnation, so that one
 * of a deleted venue leads nowhere.
 */

/** A venue, told from others of the same id. */
type VenueIncarnation = Pick<VenueRecord, "venueId" | "incarnation">;

/** How many references are dropped at a time. */
const DROP_COUNT = 500;

/** What such a key holds. */
export function encodeVenueReference({ venueId, incarnation }: VenueIncarnation): string {
  return JSON.stringify([venueId, incarnation]);
}

/** The venue that a key refers to; null where there is no key, or the venue is gone. */
export async function followVenueReference(redis: RedisClient, key: string): Promise<VenueRecord | null> {
  const value = await redis.get(key);
  if (value === null) return null;
  const [venueId, incarnation] = JSON.parse(value) as [string, string];
  const record = await loadVenue(redis, venueId);
  return record?.incarnation === incarnation ? record : null;
}

/** Removes a key where it refers to this venue; false where it does not. */
export async function dropVenueReference(redis: RedisClient, key: string, venue: VenueIncarnation): Promise<boolean> {
  const remove = defineScript(redis, "encounterRemoveIf", REMOVE_IF_SCRIPT);
  return (await remove([key], [encodeVenueReference(venue)])) === 1;
}

/**
 * Removes all keys that refer to a venue. To be called while a venue is deleted: after its record went, before the keys
 * of its incarnation go. They lead nowhere by then; this is about not leaving them behind.
 */
export async function dropVenueReferences(redis: RedisClient, venue: VenueIncarnation): Promise<void> {
  const { inviteCodes, mappedinDevices } = new VenueKeys(venue.venueId, venue.incarnation);
  await dropAll(redis, inviteCodes, inviteVenueKey, venue);
  await dropAll(redis, mappedinDevices, (member) => mappedinVenueKey(mappedinReferenceOf(member)), venue);
}

const HIDDEN_MEMBER = /^(m_[\w-]{32})\.p_[\w-]{32}$/;

/** What a member of the venue's MappedIn devices is known by outside of it: itself, but in venues with pseudonyms. */
export function mappedinReferenceOf(member: string): string {
  return HIDDEN_MEMBER.exec(member)?.[1] ?? member;
}

async function dropAll(
  redis: RedisClient,
  membersKey: string,
  keyOf: (member: string) => string,
  venue: VenueIncarnation,
): Promise<void> {
  let cursor = "0";
  do {
    const [next, members] = await redis.sscan(membersKey, cursor, "COUNT", DROP_COUNT);
    await Promise.all(members.map((member) => dropVenueReference(redis, keyOf(member), venue)));
    cursor = next;
  } while (cursor !== "0");
}
