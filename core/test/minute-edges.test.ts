import { describe, expect, test } from "vitest";
import { toColumns } from "../src/domain/fix.ts";
import { runsOf } from "../src/domain/interval.ts";
import { MINUTE_MS, minuteOf } from "../src/domain/minute.ts";
import { joinWithin } from "../src/domain/proximity.ts";
import type { WireFix } from "../src/wire/fix.ts";
import {
  expectedIntervals,
  type Interval,
  inOrder,
  RECORDED,
  recordedFixes,
  WITHOUT_RECORDED,
} from "./recorded-sets.ts";

const SET = "made-minute-edges";
const PROXIMITY_M = 5;
const ACCURACY_MAX_M = 4;

/** Each minute's fixes: the first of a device that is accurate enough. */
function byMinute(fixes: readonly WireFix[]): Map<number, WireFix[]> {
  const minutes = new Map<number, Map<string, WireFix>>();
  for (const fix of fixes.filter(({ position }) => position.accuracy <= ACCURACY_MAX_M)) {
    const minute = minuteOf(fix.timestamp);
    const devices = minutes.get(minute) ?? new Map<string, WireFix>();
    minutes.set(minute, devices);
    if (!devices.has(fix.device_id)) devices.set(fix.device_id, fix);
  }
  return new Map([...minutes].map(([minute, devices]) => [minute, [...devices.values()]]));
}

/** The pairs of a minute's fixes, each with the lesser name first. */
function pairsOf(fixes: readonly WireFix[]): [a: string, b: string][] {
  const { count, newer, older } = joinWithin(
    toColumns(
      fixes.map(({ position: { longitude, latitude, floor = 0, accuracy } }) => {
        return { longitude, latitude, floor, accuracyM: accuracy };
      }),
    ),
    PROXIMITY_M,
  );
  const nameOf = (at: Int32Array, i: number) => (fixes[at[i] as number] as WireFix).device_id;
  return Array.from({ length: count }, (_, i) => [nameOf(newer, i), nameOf(older, i)].sort() as [string, string]);
}

/** Every interval of one venue's fixes, by core alone. */
function intervalsOf(venueId: string, fixes: readonly WireFix[]): Interval[] {
  const minutesOfPair = new Map<string, number[]>();
  for (const [minute, ofMinute] of byMinute(fixes)) {
    for (const pair of pairsOf(ofMinute)) {
      const key = JSON.stringify(pair);
      minutesOfPair.set(key, [...(minutesOfPair.get(key) ?? []), minute]);
    }
  }
  return inOrder(
    [...minutesOfPair].flatMap(([key, minutes]) => {
      const [a, b] = JSON.parse(key) as [string, string];
      return runsOf(minutes).map(({ startMinute, endMinute }): Interval => {
        return [venueId, a, b, startMinute * MINUTE_MS, endMinute * MINUTE_MS, endMinute - startMinute];
      });
    }),
  );
}

describe.skipIf(RECORDED === undefined)(`fixes at the edges of minutes, 1970 to 2106 (or: ${WITHOUT_RECORDED})`, () => {
  test(`${SET} gives its intervals exactly`, () => {
    const fixes = recordedFixes(SET);
    const venues = [...new Set(fixes.map((fix) => fix.venue_id))];
    const found = venues.flatMap((venueId) =>
      intervalsOf(
        venueId,
        fixes.filter((fix) => fix.venue_id === venueId),
      ),
    );
    const expected = expectedIntervals(SET);
    expect(expected.length).toBeGreaterThan(0);
    expect(inOrder(found)).toEqual(inOrder(expected));
  });
});
