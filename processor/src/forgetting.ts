import { minuteOf, minuteStartMs } from "@encounter/core/domain/minute";
import { forgetMappedinDevices } from "@encounter/core/service/credential-mappedin";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript } from "@encounter/core/service/script";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { CHUNK_MINUTES, chunkOf, DAY_MINUTES, venueRecordKey } from "@encounter/core/storage/keys";
import {
  FORGET_DEVICES_SCRIPT,
  FORGET_INVITED_SCRIPT,
  FORGET_PLACE_SCRIPT,
} from "@encounter/core/storage/retention-scripts";
import { forgetExpiredMinutes } from "./maintenance.ts";

const MINUTES_PER_HOUR = 60;
const DAY_MS = 86_400_000;
/** Devices looked at in one go. */
const DEVICES_PER_LOOK = 500;
/** With more minutes pending than this no device is forgotten: there is other work to be done first. */
const PENDING_MAX = 500;
/** How often a look is repeated because other minutes were pending by then. */
const ATTEMPTS = 5;
const INVITED_FIELD = "device:";

/**
 * Forgets, in some venues, what is past its retention and does not expire by itself: minutes and devices each minute,
 * once an hour also what takes a look at all devices. Safe to run anywhere, any number of times at once.
 */
export async function forgetExpired(redis: RedisClient, records: readonly VenueRecord[], nowMs: number): Promise<void> {
  const isHourly = minuteOf(nowMs) % MINUTES_PER_HOUR === 0;
  for (const record of records) {
    await forgetExpiredMinutes(redis, record, nowMs);
    await forgetPlace(redis, record);
    await forgetDevicesUnseen(redis, record, nowMs);
    if (isHourly) await forgetThoroughly(redis, record, nowMs);
  }
}

/** What takes a look at all devices of a venue. */
export async function forgetThoroughly(redis: RedisClient, record: VenueRecord, nowMs: number): Promise<void> {
  await forgetDevicesNeverEvaluated(redis, record, nowMs);
  await forgetInvited(redis, record, nowMs - record.settings.retention_days * DAY_MS);
  await forgetMappedinDevices(redis, record);
}

/**
 * Devices last seen before this time stand in no record that is kept: the timelines of their four hours have expired, too.
 */
function unseenBeforeMs({ settings }: VenueRecord, nowMs: number): number {
  const oldestMinute = minuteOf(nowMs) - settings.retention_days * DAY_MINUTES;
  return minuteStartMs(chunkOf(oldestMinute) * CHUNK_MINUTES);
}

async function forgetDevicesUnseen(redis: RedisClient, record: VenueRecord, nowMs: number): Promise<void> {
  const before = unseenBeforeMs(record, nowMs);
  for (;;) {
    const { lastSeen } = record.keys;
    const numbers = await redis.zrange(lastSeen, "-inf", `(${before}`, "BYSCORE", "LIMIT", 0, DEVICES_PER_LOOK);
    if (numbers.length === 0) return;
    // Those that are left have a fix that is not evaluated: the next look is for the next minute.
    if ((await forgetDevices(redis, record, numbers, before)) < numbers.length) return;
  }
}

/** Devices whose fixes expired before they were evaluated were never noted as seen. */
async function forgetDevicesNeverEvaluated(redis: RedisClient, record: VenueRecord, nowMs: number): Promise<void> {
  let cursor = "0";
  do {
    const [next, flat] = await redis.hscan(record.keys.names, cursor, "COUNT", DEVICES_PER_LOOK);
    cursor = next;
    const numbers = flat.filter((_, index) => index % 2 === 0);
    if (numbers.length === 0) continue;
    const seen = await redis.zmscore(record.keys.lastSeen, ...numbers);
    const unseen = numbers.filter((_, index) => seen[index] === null);
    if (unseen.length > 0) await forgetDevices(redis, record, unseen, unseenBeforeMs(record, nowMs));
  } while (cursor !== "0");
}

/** Forgets those of some devices that nothing kept names; returns how many that were. */
async function forgetDevices(
  redis: RedisClient,
  { venueId, incarnation, keys }: VenueRecord,
  numbers: readonly string[],
  beforeMs: number,
): Promise<number> {
  const forget = defineScript(redis, "encounterForgetDevices", FORGET_DEVICES_SCRIPT);
  const names = [venueRecordKey(venueId), keys.devices, keys.names, keys.firstSeen, keys.lastSeen, keys.pending];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pending = await redis.zrange(keys.pending, "0", String(PENDING_MAX));
    if (pending.length > PENDING_MAX) return 0;
    const fixes = pending.map((minute) => keys.fixes(Number(minute)));
    const args = [incarnation, beforeMs, pending.length, ...pending, ...numbers];
    const forgotten = Number(await forget([...names, ...fixes], args));
    if (forgotten >= 0) return forgotten;
  }
  return 0;
}

/** Forgets who came by an invite before a time, as far as they are gone since. */
async function forgetInvited(redis: RedisClient, record: VenueRecord, beforeMs: number): Promise<void> {
  const { venueId, incarnation, keys } = record;
  const forget = defineScript(redis, "encounterForgetInvited", FORGET_INVITED_SCRIPT);
  for (const codeHash of await redis.smembers(keys.inviteCodes)) {
    const invite = keys.invite(codeHash);
    const devices = (await redis.hkeys(invite)).filter((field) => field.startsWith(INVITED_FIELD));
    for (const deviceId of devices.map((field) => field.slice(INVITED_FIELD.length))) {
      const names = [venueRecordKey(venueId), invite, keys.devices, keys.deviceTokens(deviceId)];
      await forget(names, [incarnation, deviceId, beforeMs]);
    }
  }
}

async function forgetPlace(redis: RedisClient, { venueId, incarnation, keys }: VenueRecord): Promise<void> {
  const forget = defineScript(redis, "encounterForgetPlace", FORGET_PLACE_SCRIPT);
  await forget([venueRecordKey(venueId), keys.minutes], [incarnation]);
}
