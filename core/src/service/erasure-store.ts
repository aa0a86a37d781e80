import { randomBytes } from "node:crypto";
import { BEGIN_ERASURE_SCRIPT, COMPLETE_ERASURE_SCRIPT, SETTLE_ERASURE_SCRIPT } from "../storage/erasure-scripts.ts";
import { venueRecordKey } from "../storage/keys.ts";
import { deactivateMappedinDevice } from "./credential-mappedin.ts";
import type { RedisClient } from "./redis.ts";
import { defineScript } from "./script.ts";
import type { VenueRecord } from "./venue-store.ts";

/** What became of the files that Redis appends its writes to: see `rewriteAppendOnlyFiles`. */
export type FilesOutcome = "rewritten" | "not_allowed" | "off";

/** An erasure as it is stored. */
export interface Erasure {
  readonly id: string;
  readonly requestedMs: number;
  /** When all was removed, and when the append-only files no longer held it either; null until then. */
  readonly removedMs: number | null;
  readonly completedMs: number | null;
  readonly files: FilesOutcome | null;
  /** The device, while there is anything left to remove. */
  readonly deviceId: string | null;
  /** What its records name it by; null where it never had a fix. */
  readonly deviceNumber: number | null;
  readonly removed: ErasedCounts;
}

/** How much was removed. */
export interface ErasedCounts {
  readonly fixes: number;
  readonly pairMinutes: number;
  /** Chunks of four hours of the device's own timeline. */
  readonly timelines: number;
  readonly tokens: number;
  readonly invites: number;
}

/** 96 random bits: an erasure's id says nothing of its device. */
const ID_BYTES = 12;

/**
 * Begins the erasure of a device; null where the venue is gone. Once this resolves no query finds the device and its
 * credentials are dead; the records that a processor has still to remove lead to nobody.
 */
export async function beginErasure(
  redis: RedisClient,
  record: VenueRecord,
  deviceId: string,
  nowMs: number,
): Promise<Erasure | null> {
  const { keys, venueId, incarnation } = record;
  const id = randomBytes(ID_BYTES).toString("hex");
  await deactivateMappedinDevice(redis, record, deviceId);
  const begin = defineScript(redis, "encounterBeginErasure", BEGIN_ERASURE_SCRIPT);
  const begun = await begin(
    [
      venueRecordKey(venueId),
      keys.erasing,
      keys.erasure(id),
      keys.devices,
      keys.names,
      keys.firstSeen,
      keys.lastSeen,
      keys.deviceTokens(deviceId),
      keys.stream,
      keys.erasures,
    ],
    [incarnation, id, deviceId, nowMs],
  );
  return begun === 1 ? readErasure(redis, record, id) : null;
}

/** An erasure, or null where there is none of this id (or its receipt has expired). */
export async function readErasure(redis: RedisClient, { keys }: VenueRecord, id: string): Promise<Erasure | null> {
  const stored = await redis.hgetall(keys.erasure(id));
  if (stored.requested === undefined) return null;
  const count = (name: string) => Number(stored[name] ?? 0);
  const time = (name: string) => (stored[name] === undefined ? null : Number(stored[name]));
  return {
    id,
    requestedMs: Number(stored.requested),
    removedMs: time("removed"),
    completedMs: time("completed"),
    files: (stored.files as FilesOutcome | undefined) ?? null,
    deviceId: stored.device ?? null,
    deviceNumber: stored.number === undefined ? null : Number(stored.number),
    removed: {
      fixes: count("fixes"),
      pairMinutes: count("pair_minutes"),
      timelines: count("timelines"),
      tokens: count("tokens"),
      invites: count("invites"),
    },
  };
}

/** The erasures of a venue that are not complete. */
export async function listUnfinishedErasures(redis: RedisClient, record: VenueRecord): Promise<Erasure[]> {
  return readErasures(redis, record, await redis.smembers(record.keys.erasing));
}

/** The erasures of a venue, the newest first, at most `count`. */
export async function listErasures(redis: RedisClient, record: VenueRecord, count: number): Promise<Erasure[]> {
  return readErasures(redis, record, await redis.zrange(record.keys.erasures, "0", String(count - 1), "REV"));
}

async function readErasures(redis: RedisClient, record: VenueRecord, ids: readonly string[]): Promise<Erasure[]> {
  const erasures = await Promise.all(ids.map((id) => readErasure(redis, record, id)));
  return erasures.filter((erasure) => erasure !== null);
}

/** Notes that all is removed; false where the venue is gone. From then on the erasure itself names no device. */
export async function settleErasure(
  redis: RedisClient,
  record: VenueRecord,
  id: string,
  nowMs: number,
): Promise<boolean> {
  const settle = defineScript(redis, "encounterSettleErasure", SETTLE_ERASURE_SCRIPT);
  return (await settle([venueRecordKey(record.venueId), record.keys.erasure(id)], [record.incarnation, nowMs])) === 1;
}

/** Notes that an erasure is complete; false where the venue is gone. */
export async function completeErasure(
  redis: RedisClient,
  { venueId, incarnation, keys }: VenueRecord,
  id: string,
  files: FilesOutcome,
  nowMs: number,
): Promise<boolean> {
  const complete = defineScript(redis, "encounterCompleteErasure", COMPLETE_ERASURE_SCRIPT);
  const names = [venueRecordKey(venueId), keys.erasing, keys.erasure(id), keys.erasures];
  return (await complete(names, [incarnation, id, nowMs, files])) === 1;
}
