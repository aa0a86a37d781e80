import type { VenueKeys } from "../storage/keys.ts";
import { readFixRecord, readPairs, type StoredFix, type StoredPair } from "../storage/records.ts";
import type { RedisClient } from "./redis.ts";

/** All fixes of a minute, in the order of their acceptance. */
export async function readMinuteFixes(redis: RedisClient, keys: VenueKeys, minute: number): Promise<StoredFix[]> {
  const flat = (await redis.callBuffer("HGETALL", keys.fixes(minute))) as Buffer[];
  const fixes: StoredFix[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    fixes.push(readFixRecord(minute, Number((flat[at] as Buffer).toString("latin1")), flat[at + 1] as Buffer));
  }
  return fixes.sort((a, b) => a.ordinal - b.ordinal);
}

/** All pairs of a minute out to the venue's cap, as evaluated so far. */
export async function readMinutePairs(redis: RedisClient, keys: VenueKeys, minute: number): Promise<StoredPair[]> {
  const list = await redis.getBuffer(keys.pairs(minute));
  return list === null ? [] : readPairs(list);
}
