import type { WireFix } from "@encounter/core/wire/fix";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  expectedIntervals,
  type Interval,
  inOrder,
  intervalsWithin,
  pairMinutes,
  RECORDED,
  recordedFixes,
  shiftToNowMs,
  WITHOUT_RECORDED,
} from "./recorded.ts";
import { sendInOrder } from "./sender.ts";
import { System } from "./system.ts";

let system: System;
let runs = 0;

beforeAll(async () => {
  system = await System.start();
});

afterAll(() => system.stop());

const WIDE_RETENTION = { retention_days: 3650 };

/** A set's venue gets a name of its own in every run, so that runs do not meet. */
interface Replay {
  readonly fixes: readonly WireFix[];
  readonly shiftMs: number;
  readonly venueOf: (venue: string) => string;
}

/** Sends a set's fixes, a venue after the other, and waits until the contacts reflect them. */
async function replay(set: string, frameSize: number, settings: object = {}): Promise<Replay> {
  const recorded = recordedFixes(set);
  const run = runs++;
  const shiftMs = shiftToNowMs(recorded, Date.now());
  const venueOf = (venue: string) => `${venue} ${run}`;
  const fixes = recorded.map((fix) => ({
    ...fix,
    timestamp: fix.timestamp + shiftMs,
    venue_id: venueOf(fix.venue_id),
  }));
  for (const venueId of new Set(fixes.map((fix) => fix.venue_id))) {
    const key = await system.newVenue(venueId, { ...WIDE_RETENTION, ...settings });
    const ofVenue = fixes.filter((fix) => fix.venue_id === venueId);
    await sendInOrder(() => system.ingestUrl, key, ofVenue, frameSize);
    await evaluated(venueId);
  }
  return { fixes, shiftMs, venueOf };
}

async function evaluated(venueId: string): Promise<void> {
  await vi.waitFor(async () => expect((await system.status(venueId)).unevaluated_fixes).toBe(0), {
    timeout: 60_000,
    interval: 100,
  });
}

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
  const SETS: [set: string, frameSize: number][] = [
    ["made-bitmask", 500],
    ["made-cells", 7],
    ["made-chains", 500],
    ["made-duplicates-base", 1],
    ["made-duplicates-conflict", 1],
    ["made-duplicates-resent", 7],
    ["made-null-island", 500],
    ["made-order-ascending", 500],
    ["made-order-shuffled", 7],
    ["made-order-unique", 500],
    ["made-order-unique-reversed", 500],
    ["soccer", 7],
    ["phones", 500],
  ];
  for (const [set, frameSize] of SETS) {
    test(`${set}, in frames of ${frameSize}`, async () => {
      const played = await replay(set, frameSize);
      const expected = shifted(expectedIntervals(set), played);
      expect(expected.length).toBeGreaterThan(0);
      expect(await foundIntervals(played.fixes, 5)).toEqual(expected);
    });
  }

  for (const cap of [5, 10, 25]) {
    test(`every proximity from 0 to a cap of ${cap} m equals brute force`, async () => {
      const { fixes } = await replay("made-duplicates-base", 500, { cap });
      const pairs = pairMinutes(fixes, cap);
      for (let dm = 0; dm <= cap * 10; dm++) {
        expect(await foundIntervals(fixes, dm / 10), `proximity ${dm / 10}`).toEqual(intervalsWithin(pairs, dm / 10));
      }
    });
  }
});
