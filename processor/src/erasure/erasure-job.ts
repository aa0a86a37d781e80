import {
  completeErasure,
  type Erasure,
  listUnfinishedErasures,
  settleErasure,
} from "@encounter/core/service/erasure-store";
import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { loadVenues } from "../living-venues.ts";
import { rewriteAppendOnlyFiles } from "./append-only-files.ts";
import { DeviceEraser, VenueEndedError } from "./device-eraser.ts";

/** Venues looked at in one go. */
const VENUES_AT_ONCE = 200;

/**
 * Brings the erasures of some venues to their end: removes what is stored of each device, then has the store's files
 * written anew, once for all of them. Safe to run anywhere, any number of times at once, and to be killed at any point.
 */
export async function finishErasures(
  redis: RedisClient,
  records: readonly VenueRecord[],
  now: () => number,
  log: Logger,
): Promise<void> {
  const removed: { record: VenueRecord; erasure: Erasure }[] = [];
  for (const record of records) {
    for (const erasure of await listUnfinishedErasures(redis, record)) {
      if (await remove(redis, record, erasure, now)) removed.push({ record, erasure });
    }
  }
  if (removed.length === 0) return;
  const files = await rewriteAppendOnlyFiles(redis);
  // Whoever does so just now looks for what is left when done.
  if (files === null) return;
  for (const { record, erasure } of removed) await completeErasure(redis, record, erasure.id, files, now());
  log.info({ erasures: removed.length, files }, "devices erased");
  // Those of any venue that were left to whoever has the files written.
  await finishAllErasures(redis, await loadVenues(redis), now, log);
}

/** {@link finishErasures} for all of these venues, few of which have any: the net under wake-ups that were lost. */
export async function finishAllErasures(
  redis: RedisClient,
  records: readonly VenueRecord[],
  now: () => number,
  log: Logger,
): Promise<void> {
  const open: VenueRecord[] = [];
  for (let at = 0; at < records.length; at += VENUES_AT_ONCE) {
    const some = records.slice(at, at + VENUES_AT_ONCE);
    const counts = await Promise.all(some.map(({ keys }) => redis.scard(keys.erasing)));
    open.push(...some.filter((_, index) => counts[index] !== 0));
  }
  await finishErasures(redis, open, now, log);
}

/** Removes a device's records; false where its venue ended meanwhile. */
async function remove(redis: RedisClient, record: VenueRecord, erasure: Erasure, now: () => number): Promise<boolean> {
  if (erasure.removedMs !== null) return true;
  try {
    await new DeviceEraser(redis, record, erasure.id).erase(erasure);
  } catch (error) {
    if (error instanceof VenueEndedError) return false;
    throw error;
  }
  return settleErasure(redis, record, erasure.id, now());
}
