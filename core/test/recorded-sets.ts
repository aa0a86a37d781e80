import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { WireFix } from "../src/wire/fix.ts";

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

/** How many fixes of a recorded set have each outcome; outcomes that none has are left out, as in a reply. */
export function expectedCounts(set: string): Record<string, number> {
  const header = JSON.parse(linesOf(`${set}.expected.ndjson.gz`)[0] as string) as Record<string, number>;
  const outcomes = ["accepted", "repeated", "inaccurate", "invalid"].map((name) => [name, header[name] ?? 0] as const);
  return Object.fromEntries(outcomes.filter(([, count]) => count > 0));
}

/** Orders intervals as the expected files do: by a, b, start, in UTF-16 code units. */
export function inOrder(intervals: readonly Interval[]): Interval[] {
  return [...intervals].sort(
    (x, y) => compare(x[0], y[0]) || compare(x[1], y[1]) || compare(x[2], y[2]) || x[3] - y[3],
  );
}

/** Compares as the expected files do: by UTF-16 code units. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
