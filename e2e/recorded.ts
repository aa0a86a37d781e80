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

/** Every interval by definition: the first accepted fix of venue, device and minute, all pairs, runs of minutes. */
export function bruteForce(fixes: readonly WireFix[], proximityM: number, maxAccuracyM = 4): Interval[] {
  const first = new Map<string, WireFix>();
  for (const fix of fixes) {
    if (fix.position.accuracy > maxAccuracyM) continue;
    const key = JSON.stringify([Math.floor(fix.timestamp / 60_000), fix.venue_id, fix.device_id]);
    if (!first.has(key)) first.set(key, fix);
  }
  const byMinute = new Map<string, WireFix[]>();
  for (const fix of first.values()) {
    const key = JSON.stringify([Math.floor(fix.timestamp / 60_000), fix.venue_id, fix.position.floor ?? 0]);
    const together = byMinute.get(key);
    if (together === undefined) byMinute.set(key, [fix]);
    else together.push(fix);
  }
  const minutesOf = new Map<string, number[]>();
  for (const together of byMinute.values()) {
    together.forEach((one, i) => {
      for (const other of together.slice(0, i)) if (isNear(one, other, proximityM)) note(minutesOf, one, other);
    });
  }
  return inOrder([...minutesOf].flatMap(([pair, minutes]) => runsOf(JSON.parse(pair), minutes)));
}

function isNear(one: WireFix, other: WireFix, proximityM: number): boolean {
  const [a, b] = [one.position, other.position].map((position) => ({ ...position, accuracyM: position.accuracy }));
  return a !== undefined && b !== undefined && nearness(a, b).gapM <= proximityM;
}

function note(minutesOf: Map<string, number[]>, one: WireFix, other: WireFix): void {
  const key = JSON.stringify([one.venue_id, ...[one.device_id, other.device_id].sort(compare)]);
  const minutes = minutesOf.get(key) ?? [];
  minutes.push(Math.floor(one.timestamp / 60_000));
  minutesOf.set(key, minutes);
}

function runsOf([venue, a, b]: [string, string, string], minutes: number[]): Interval[] {
  const sorted = minutes.sort((x, y) => x - y);
  const starts = sorted.filter((minute) => !sorted.includes(minute - 1));
  const ends = sorted.filter((minute) => !sorted.includes(minute + 1));
  return starts.map((start, i) => {
    const end = (ends[i] as number) + 1;
    return [venue, a, b, start * 60_000, end * 60_000, end - start];
  });
}
