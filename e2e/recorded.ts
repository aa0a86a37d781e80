import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { nearness } from "@encounter/core/domain/proximity";
import type { WireFix } from "@encounter/core/wire/fix";

/** The folder of the recorded sets, where there is one. */
export const RECORDED = process.env.ENCOUNTER_DATA;
/** Why tests of recorded sets are skipped where there is none. */
export const WITHOUT_RECORDED = "ENCOUNTER_DATA names no folder with the recorded sets";

/** A contact interval: venue, a, b, start, end (exclusive), minutes. */
export type Interval = readonly [venue: string, a: string, b: string, startMs: number, endMs: number, minutes: number];

function linesOf(name: string): string[] {
  const text = gunzipSync(readFileSync(join(RECORDED as string, name))).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

/** A recorded set's fixes, in the order of their arrival. */
export function recordedFixes(set: string): WireFix[] {
  return linesOf(`${set}.ndjson.gz`).map((line) => JSON.parse(line) as WireFix);
}

/** The intervals that a recorded set must give. */
export function expectedIntervals(set: string): Interval[] {
  return linesOf(`${set}.expected.ndjson.gz`)
    .slice(1)
    .map((line) => JSON.parse(line) as Interval);
}

/** Whole minutes to add so that the newest fix's minute ends now. */
export function shiftToNowMs(fixes: readonly WireFix[], nowMs: number): number {
  const newest = fixes.reduce((max, fix) => Math.max(max, fix.timestamp), 0);
  return (Math.floor(nowMs / 60_000) - Math.floor(newest / 60_000) - 1) * 60_000;
}

/** Orders intervals as the expected files do: by a, b, start, in UTF-16 code units. */
export function inOrder(intervals: readonly Interval[]): Interval[] {
  return [...intervals].sort(
    (x, y) => compare(x[0], y[0]) || compare(x[1], y[1]) || compare(x[2], y[2]) || x[3] - y[3],
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A pair-minute and the gap between the two, by brute force. */
interface PairMinute {
  readonly venue: string;
  readonly a: string;
  readonly b: string;
  readonly minute: number;
  readonly gapM: number;
}

/** Every pair-minute up to a gap, by definition: the first accepted fix of venue, device and minute, all pairs. */
export function pairMinutes(fixes: readonly WireFix[], gapMaxM: number, maxAccuracyM = 4): PairMinute[] {
  const together = groupBy(firstOfMinute(fixes, maxAccuracyM), (fix) =>
    JSON.stringify([minuteOf(fix.timestamp), fix.venue_id, fix.position.floor ?? 0]),
  );
  return [...together.values()].flatMap((group) =>
    group.flatMap((one, i) => group.slice(0, i).flatMap((other) => pairMinute(one, other, gapMaxM))),
  );
}

function firstOfMinute(fixes: readonly WireFix[], maxAccuracyM: number): WireFix[] {
  const first = new Map<string, WireFix>();
  for (const fix of fixes) {
    if (fix.position.accuracy > maxAccuracyM) continue;
    const key = JSON.stringify([minuteOf(fix.timestamp), fix.venue_id, fix.device_id]);
    if (!first.has(key)) first.set(key, fix);
  }
  return [...first.values()];
}

function pairMinute(one: WireFix, other: WireFix, gapMaxM: number): PairMinute[] {
  const { gapM } = nearness(
    { ...one.position, accuracyM: one.position.accuracy },
    { ...other.position, accuracyM: other.position.accuracy },
  );
  if (gapM > gapMaxM) return [];
  const [a, b] = [one.device_id, other.device_id].sort(compare) as [string, string];
  return [{ venue: one.venue_id, a, b, minute: minuteOf(one.timestamp), gapM }];
}

/** The runs of the pair-minutes within a proximity. */
export function intervalsWithin(pairs: readonly PairMinute[], proximityM: number): Interval[] {
  const byPair = groupBy(
    pairs.filter(({ gapM }) => gapM <= proximityM),
    ({ venue, a, b }) => JSON.stringify([venue, a, b]),
  );
  return inOrder([...byPair].flatMap(([pair, group]) => runsOf(JSON.parse(pair), group)));
}

/** Every interval of fixes at a proximity, by definition. */
export function bruteForce(fixes: readonly WireFix[], proximityM: number): Interval[] {
  return intervalsWithin(pairMinutes(fixes, proximityM), proximityM);
}

function runsOf([venue, a, b]: [string, string, string], pairs: readonly PairMinute[]): Interval[] {
  const minutes = new Set(pairs.map(({ minute }) => minute));
  return [...minutes]
    .filter((minute) => !minutes.has(minute - 1))
    .map((start) => {
      let end = start;
      while (minutes.has(end)) end += 1;
      return [venue, a, b, start * 60_000, end * 60_000, end - start];
    });
}

function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / 60_000);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
