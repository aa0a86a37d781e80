import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { chunkOf, venueRecordKey } from "@encounter/core/storage/keys";
import { PAIR_BYTES, type StoredFix, TIMELINE_BYTES, writePair, writeTimelineEntry } from "@encounter/core/storage/records";
import { STORE_SCRIPT, storeKeys } from "@encounter/core/storage/store-script";
import type { Newcomer, Span } from "./pair-finder.ts";

/** Most pairs and fixes of one script call, unless one fix alone has more: it holds Redis up for some 10 ms. */
const PART_PAIRS_MAX = 16_000;
const PART_FIXES_MAX = 5_000;

/** What came of a part. */
export type StoreOutcome = "stored" | "overtaken" | "gone";

/** Writes what evaluation finds: the minute's pairs, both devices' timelines, and what is no longer pending. */
export class ContactStore {
  private readonly run: RunScript;

  constructor(redis: RedisClient) {
    this.run = defineScript(redis, "encounterStore", STORE_SCRIPT);
  }

  /**
   * Stores the pairs that the fixes of a span brought, in parts, each whole or not at all.
   * @param newcomers those of the span's fixes that still exist, in the order of their ordinals
   */
  async store(
    record: VenueRecord,
    minute: number,
    span: Span,
    newcomers: readonly Newcomer[],
  ): Promise<StoreOutcome> {
    let from = span.from;
    let at = 0;
    do {
      const part = takePart(newcomers, at);
      at += part.length;
      const to = newcomers[at]?.fix.ordinal ?? span.to;
      const evaluated = await this.storePart(record, minute, { from, to }, part);
      if (evaluated === -1) return "gone";
      if (evaluated !== to) return "overtaken";
      from = to;
    } while (at < newcomers.length);
    return "stored";
  }

  private async storePart(
    record: VenueRecord,
    minute: number,
    span: Span,
    part: readonly Newcomer[],
  ): Promise<number> {
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
      part.length,
    ];
    for (const { fix } of part) args.push(fix.deviceNumber, fix.fixTimeMs);
    for (const records of timelines.values()) args.push(records);
    return Number(await this.run(keys, args));
  }
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

function countPairs(part: readonly Newcomer[]): number {
  return part.reduce((sum, { start, end }) => sum + end - start, 0);
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function packPairs(part: readonly Newcomer[]): Buffer {
  const records = Buffer.allocUnsafe(countPairs(part) * PAIR_BYTES);
  const view = viewOf(records);
  let index = 0;
  for (const { fix, start, end, pairs, fixes } of part) {
    for (let at = start; at < end; at++) {
      writePair(view, index++, {
        newer: fix.deviceNumber,
        older: (fixes[pairs.older[at] as number] as StoredFix).deviceNumber,
        gapDm: pairs.gapDm[at] as number,
        reachDm: pairs.reachDm[at] as number,
      });
    }
  }
  return records;
}

interface TimelinePart {
  count: number;
  records: Buffer;
  view: DataView;
}

/** The timeline records of every device in the part, by its number. */
function packTimelines(minute: number, part: readonly Newcomer[]): Map<number, Buffer> {
  const counts = new Map<number, number>();
  const count = (device: number) => counts.set(device, (counts.get(device) ?? 0) + 1);
  eachPair(part, (newer, older) => {
    count(newer);
    count(older);
  });
  const timelines = new Map<number, TimelinePart>();
  for (const [device, length] of counts) {
    const records = Buffer.allocUnsafe(length * TIMELINE_BYTES);
    timelines.set(device, { count: 0, records, view: viewOf(records) });
  }
  const add = (device: number, other: number, gapDm: number, reachDm: number) => {
    const timeline = timelines.get(device) as TimelinePart;
    writeTimelineEntry(timeline.view, timeline.count++, { other, minute, gapDm, reachDm });
  };
  eachPair(part, (newer, older, gapDm, reachDm) => {
    add(newer, older, gapDm, reachDm);
    add(older, newer, gapDm, reachDm);
  });
  return new Map([...timelines].map(([device, { records }]) => [device, records]));
}

function eachPair(
  part: readonly Newcomer[],
  visit: (newer: number, older: number, gapDm: number, reachDm: number) => void,
): void {
  for (const { fix, start, end, pairs, fixes } of part) {
    for (let at = start; at < end; at++) {
      const older = (fixes[pairs.older[at] as number] as StoredFix).deviceNumber;
      visit(fix.deviceNumber, older, pairs.gapDm[at] as number, pairs.reachDm[at] as number);
    }
  }
}
