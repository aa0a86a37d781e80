import { dropVenueReferences } from "@encounter/core/service/credential-venue-reference";
import type { Logger } from "@encounter/core/service/log";
import { readMinutePairs } from "@encounter/core/service/minute-store";
import { mastersOf, type RedisClient } from "@encounter/core/service/redis";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import type { MaintenanceJob } from "@encounter/core/storage/jobs";
import { CHUNK_MINUTES, chunkOf, dayOf, VenueKeys } from "@encounter/core/storage/keys";
import { finishErasures } from "./erasure/erasure-job.ts";

const KEYS_PER_SCAN = 1_000;
const DAY_S = 86_400;

/** Does what the operators' door asked for. */
export async function maintain(
  redis: RedisClient,
  job: MaintenanceJob,
  log: Logger,
  now: () => number = Date.now,
): Promise<void> {
  if (job.kind === "purge") {
    await refuseToPurgeLiving(redis, job);
    await dropVenueReferences(redis, job);
    const removed = await purge(redis, new VenueKeys(job.venueId, job.incarnation));
    log.info({ keys: removed }, "deleted venue purged");
    return;
  }
  const record = await loadVenue(redis, job.venueId);
  if (record === null) return;
  if (job.kind === "retention") await applyRetention(redis, record);
  else await finishErasures(redis, [record], now, log);
}

/** A purge is asked for right before its venue ends: nothing is left behind then, whoever dies in between. */
async function refuseToPurgeLiving(redis: RedisClient, job: MaintenanceJob & { kind: "purge" }): Promise<void> {
  const record = await loadVenue(redis, job.venueId);
  if (record?.incarnation === job.incarnation)
    throw new Error("the venue to purge has not ended yet: tried again later");
}

/** Removes every key of a deleted venue's incarnation. */
async function purge(redis: RedisClient, keys: VenueKeys): Promise<number> {
  let removed = 0;
  for (const node of mastersOf(redis)) {
    for await (const found of node.scanStream({ match: `${keys.prefix}*`, count: KEYS_PER_SCAN })) {
      const names = found as string[];
      removed += names.length;
      await Promise.all(names.map((name) => redis.unlink(name)));
    }
  }
  return removed;
}

/** Sets the expiry of all that a venue keeps to what its retention is now. */
async function applyRetention(redis: RedisClient, record: VenueRecord): Promise<void> {
  await expireMinutes(redis, record, (await redis.zrange(record.keys.minutes, "0", "-1")).map(Number));
}

async function expireMinutes(redis: RedisClient, record: VenueRecord, minutes: readonly number[]): Promise<void> {
  const { keys } = record;
  const retentionS = record.settings.retention_days * DAY_S;
  for (const minute of minutes) await expireMinute(redis, keys, minute, retentionS);
  for (const day of new Set(minutes.map(dayOf))) {
    await redis.expireat(keys.activity(day), (day + 1) * DAY_S + retentionS);
  }
}

async function expireMinute(redis: RedisClient, keys: VenueKeys, minute: number, retentionS: number): Promise<void> {
  const devices = new Set<number>();
  for (const { newer, older } of await readMinutePairs(redis, keys, minute)) devices.add(newer).add(older);
  const expiryS = (minute + 1) * 60 + retentionS;
  const chunk = chunkOf(minute);
  const chunkExpiryS = (chunk + 1) * CHUNK_MINUTES * 60 + retentionS;
  await Promise.all([
    redis.expireat(keys.fixes(minute), expiryS),
    redis.expireat(keys.pairs(minute), expiryS),
    redis.expireat(keys.minute(minute), expiryS + DAY_S),
    ...[...devices].map((device) => redis.expireat(keys.timeline(device, chunk), chunkExpiryS)),
  ]);
}

/**
 * Forgets a venue's minutes that are older than its retention. Their keys expire by themselves, but where the retention
 * was shortened only now they are told so before nothing leads to them any more.
 */
export async function forgetExpiredMinutes(redis: RedisClient, record: VenueRecord, nowMs: number): Promise<void> {
  const oldestMinute = Math.floor(nowMs / 60_000) - record.settings.retention_days * 1_440;
  const last = `(${oldestMinute - 1}`;
  const minutes = (await redis.zrange(record.keys.minutes, "-inf", last, "BYSCORE")).map(Number);
  if (minutes.length === 0) return;
  await expireMinutes(redis, record, minutes);
  await redis.zremrangebyscore(record.keys.minutes, "-inf", last);
}
