import type { WireFix } from "@encounter/core/wire/fix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  expectedCounts,
  expectedIntervals,
  type Interval,
  inOrder,
  RECORDED,
  recordedFixes,
  WITHOUT_RECORDED,
} from "../core/test/recorded-sets.ts";
import { intervalsWithin, pairMinutes } from "./brute-force.ts";
import { type Replay, replay } from "./replay.ts";
import { System } from "./system.ts";

/** The largest set takes a quarter of a minute; on a machine that has other work too, minutes. */
const TEST_PATIENCE_MS = 300_000;

let system: System;

beforeAll(async () => {
  system = await System.start();
});

afterAll(() => system.stop());

/** All intervals of the venues that the fixes are of, at a proximity. */
async function foundIntervals(fixes: readonly WireFix[], proximity: number): Promise<Interval[]> {
  const times = fixes.map((fix) => fix.timestamp);
  const from = times.reduce((min, time) => Math.min(min, time), Number.POSITIVE_INFINITY);
  const to = times.reduce((max, time) => Math.max(max, time), 0) + 1;
  const intervals: Interval[] = [];
  for (const venueId of new Set(fixes.map((fix) => fix.venue_id))) {
    for (const contact of await system.contacts(venueId, { from, to, proximity, min_minutes: 1 })) {
      const { device_id, other, start, end, minutes } = contact;
      intervals.push([venueId, device_id, other, start, end, minutes]);
    }
  }
  return inOrder(intervals);
}

function shifted(intervals: readonly Interval[], { shiftMs, venueOf }: Replay): Interval[] {
  return inOrder(
    intervals.map(([venue, a, b, start, end, minutes]) => [
      venueOf(venue),
      a,
      b,
      start + shiftMs,
      end + shiftMs,
      minutes,
    ]),
  );
}

describe.skipIf(RECORDED === undefined)(`recorded sets give their contacts exactly (or: ${WITHOUT_RECORDED})`, () => {
  const SETS = [
    "made-bitmask",
    "made-cells",
    "made-chains",
    "made-duplicates-base",
    "made-duplicates-conflict",
    "made-duplicates-resent",
    "made-null-island",
    "made-order-ascending",
    "made-order-shuffled",
    "made-order-unique",
    "made-order-unique-reversed",
    "soccer",
    "phones",
  ];
  const FRAME_SIZES = [1, 7, 500];
  /** Each of these takes as long as all others together, in whatever size. */
  const LARGE: Record<string, number[]> = { "made-bitmask": [1], "made-chains": [7], phones: [500] };
  test.each(SETS.flatMap((set) => (LARGE[set] ?? FRAME_SIZES).map((frameSize) => [set, frameSize] as const)))(
    "%s, in frames of %i",
    async (set, frameSize) => {
      const played = await replay(system, recordedFixes(set), frameSize);
      expect(played.counts).toEqual(expectedCounts(set));
      const expected = shifted(expectedIntervals(set), played);
      expect(expected.length).toBeGreaterThan(0);
      expect(await foundIntervals(played.fixes, 5)).toEqual(expected);
    },
    TEST_PATIENCE_MS,
  );

  test.each([
    ["made-duplicates-base", 5],
    ["made-duplicates-base", 10],
    ["made-duplicates-base", 25],
    ["soccer", 10],
  ] as const)("%s, every proximity from 0 to a cap of %i m equals brute force", async (set, cap) => {
    const { fixes } = await replay(system, recordedFixes(set), 500, { cap });
    const pairs = pairMinutes(fixes, cap);
    expect(pairs.length).toBeGreaterThan(100);
    for (let dm = 0; dm <= cap * 10; dm++) {
      expect(await foundIntervals(fixes, dm / 10), `proximity ${dm / 10}`).toEqual(intervalsWithin(pairs, dm / 10));
    }
  });
});
