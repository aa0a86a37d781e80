import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { chunkOf, venueRecordKey } from "@encounter/core/storage/keys";
import { STORE_SCRIPT, storeKeys } from "@encounter/core/storage/store-script";
import type { Newcomer, Span } from "./pair-finder.ts";
import { countWithin, packPairs, packSeen, packTimelines } from "./part-packer.ts";

/**
 * Most pairs and fixes of one script call, unless one fix alone has more. It holds Redis up for some 20 ms; smaller
 * parts cost more in all, since each of them touches nearly every timeline of the crowd.
 */
const PART_PAIRS_MAX = 32_000;
const PART_FIXES_MAX = 10_000;

/** What came of storing: another may have been faster, or a device was erased, or the venue is no more. */
export type StoreOutcome = "stored" | "overtaken" | "gone";

/** What came of storing a span, and what of it was written here and by nobody else. */
export interface Stored {
  readonly outcome: StoreOutcome;
  readonly fixes: number;
  readonly pairs: number;
}

/** Writes what evaluation finds: the minute's pairs, both devices' timelines, and what is no longer pending. */
export class ContactStore {
  private readonly run: RunScript;

  constructor(redis: RedisClient) {
    this.run = defineScript(redis, "encounterStore", STORE_SCRIPT);
  }

  /**
   * Stores the pairs that the fixes of a span brought, in parts, each whole or not at all.
   * @param record as it was before the fixes were read
   * @param newcomers those of the span's fixes that still exist, in the order of their ordinals
   */
  async store(record: VenueRecord, minute: number, span: Span, newcomers: readonly Newcomer[]): Promise<Stored> {
    let from = span.from;
    let at = 0;
    let pairs = 0;
    do {
      const part = takePart(newcomers, at);
      const to = newcomers[at + part.length]?.ordinal ?? span.to;
      const evaluated = await this.storePart(record, minute, { from, to }, part);
      if (evaluated !== to) return { outcome: evaluated === -1 ? "gone" : "overtaken", fixes: at, pairs };
      at += part.length;
      pairs += countPairs(part);
      from = to;
    } while (at < newcomers.length);
    return { outcome: "stored", fixes: at, pairs };
  }

  private async storePart(record: VenueRecord, minute: number, span: Span, part: readonly Newcomer[]): Promise<number> {
    const pairs = packPairs(part);
    const timelines = packTimelines(minute, part);
    const chunk = chunkOf(minute);
    const keys = storeKeys(venueRecordKey(record.venueId), record.keys, minute);
    for (const deviceNumber of timelines.keys()) keys.push(record.keys.timeline(deviceNumber, chunk));
    const args: (string | number | Buffer)[] = [
      record.incarnation,
      minute,
      span.from,
      span.to,
      record.settings.retention_days * 86_400,
      pairs,
      packSeen(part),
      countWithin(part, Math.round(record.settings.proximity * 10)),
      record.erasures,
    ];
    for (const records of timelines.values()) args.push(records);
    return Number(await this.run(keys, args));
  }
}

function countPairs(part: readonly Newcomer[]): number {
  return part.reduce((sum, { start, end }) => sum + end - start, 0);
}

function takePart(newcomers: readonly Newcomer[], at: number): readonly Newcomer[] {
  let pairs = 0;
  let end = at;
  for (; end < newcomers.length && end - at < PART_FIXES_MAX; end++) {
    const newcomer = newcomers[end] as Newcomer;
    pairs += newcomer.end - newcomer.start;
    if (end > at && pairs > PART_PAIRS_MAX) break;
  }
  return newcomers.slice(at, end);
}
