import { PAIR_BYTES, type StoredPair, writePair } from "@encounter/core/storage/records";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Nearness } from "../contacts/run-tracker.ts";
import { type LineDevices, LineTracker, type MinuteSource } from "./line-tracker.ts";
import { Rosters } from "./rosters.ts";

const DEVICES = 5;
/** Device numbers are not indices. */
const NUMBER_OFFSET = 100;
const FIRST_MINUTE = 28_000_000;
const DEFAULT: Nearness = { proximityDm: 50, certainOnly: false };
/** Reach is gap and 40: certain within 6 m are the pairs with a gap of 2 m at most. */
const OTHER: Nearness = { proximityDm: 60, certainOnly: true };
const SEARCH_MS = 200;

interface Minute {
  /** Device indices in the order of acceptance. */
  readonly accepted: number[];
  evaluated: number;
  readonly pairs: StoredPair[];
}

/** What is stored of a venue, and what the lines should then be, by the rule as it is written. */
class World implements MinuteSource {
  readonly minutes = new Map<number, Minute>();
  present = FIRST_MINUTE;
  private newest = Number.NEGATIVE_INFINITY;
  private readonly gapDmOf: (minute: number, a: number, b: number) => number;

  constructor(gapDmOf: (minute: number, a: number, b: number) => number) {
    this.gapDmOf = gapDmOf;
  }

  minute(minute: number): Minute {
    const known = this.minutes.get(minute) ?? { accepted: [], evaluated: 0, pairs: [] };
    this.minutes.set(minute, known);
    return known;
  }

  evaluate(minute: number, upTo: number): void {
    const { accepted, pairs } = this.minute(minute);
    const state = this.minute(minute);
    for (; state.evaluated < Math.min(upTo, accepted.length); state.evaluated++) {
      const newer = accepted[state.evaluated] as number;
      for (const older of accepted.slice(0, state.evaluated)) {
        const gapDm = this.gapDmOf(minute, Math.min(newer, older), Math.max(newer, older));
        pairs.push({ newer: newer + NUMBER_OFFSET, older: older + NUMBER_OFFSET, gapDm, reachDm: gapDm + 40 });
      }
    }
  }

  async readMinute(minute: number, fromByte: number) {
    const { evaluated, pairs } = this.minute(minute);
    return { evaluated, pairs: pack(pairs).subarray(fromByte) };
  }

  async readPairs(minute: number) {
    return pack(this.minute(minute).pairs);
  }

  private isEvaluated(minute: number, device: number): boolean {
    const state = this.minutes.get(minute);
    return state?.accepted.slice(0, state.evaluated).includes(device) ?? false;
  }

  private isNear(minute: number, a: number, b: number, { proximityDm, certainOnly }: Nearness): boolean {
    const both = this.isEvaluated(minute, a) && this.isEvaluated(minute, b);
    return both && this.gapDmOf(minute, a, b) + (certainOnly ? 40 : 0) <= proximityDm;
  }

  expectedLines(nearness: Nearness): string[] {
    const isPresentEvaluated = (this.minutes.get(this.present)?.evaluated ?? 0) > 0;
    this.newest = Math.max(this.newest, isPresentEvaluated ? this.present : this.present - 1);
    const lines: string[] = [];
    for (let a = 0; a < DEVICES; a++) {
      for (let b = a + 1; b < DEVICES; b++) {
        let minute = this.present + 2;
        while (minute >= this.newest - 1 && !(this.isEvaluated(minute, a) && this.isEvaluated(minute, b))) minute--;
        if (minute < this.newest - 1 || !this.isNear(minute, a, b, nearness)) continue;
        let minutes = 1;
        while (this.isNear(minute - minutes, a, b, nearness)) minutes++;
        lines.push(`${a}-${b}: ${minutes} min, gap ${this.gapDmOf(minute, a, b)}`);
      }
    }
    return lines.sort();
  }
}

function pack(pairs: readonly StoredPair[]): Uint8Array {
  const bytes = new Uint8Array(pairs.length * PAIR_BYTES);
  const view = new DataView(bytes.buffer);
  pairs.forEach((pair, index) => {
    writePair(view, index, pair);
  });
  return bytes;
}

const everybody: LineDevices = {
  indexOf: (deviceNumber) => deviceNumber - NUMBER_OFFSET,
  isPresent: (index) => index >= 0 && index < DEVICES,
};

function linesOf(tracker: LineTracker): string[] {
  const { count, a, b, minutes, gapDm } = tracker.compose(everybody);
  const lines: string[] = [];
  for (let at = 0; at < count; at++) lines.push(`${a[at]}-${b[at]}: ${minutes[at]} min, gap ${gapDm[at]}`);
  return lines.sort();
}

/** A tracker that begins now, told of the minutes it asks for as a feed tells it. */
function trackerOf(world: World, rosters: Rosters): LineTracker {
  const tracker = new LineTracker({ ...DEFAULT, backMinutesMax: 240 }, world.present, rosters);
  for (let m = LineTracker.firstMinute(world.present); m <= LineTracker.lastMinute(world.present); m++) {
    for (const device of world.minutes.get(m)?.accepted ?? []) tracker.accept(m, device);
  }
  return tracker;
}

const device = fc.integer({ min: 0, max: DEVICES - 1 });
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("begin anew" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("look otherwise" as const) }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant("fix" as const), device, back: fc.integer({ min: -2, max: 6 }) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("evaluate" as const),
      back: fc.integer({ min: -2, max: 6 }),
      upTo: fc.integer({ min: 1, max: DEVICES }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("everybody" as const), back: fc.integer({ min: -1, max: 3 }) }) },
);

/** Mostly near, so that there are runs. */
function gapsOf(salt: number): (minute: number, a: number, b: number) => number {
  return (minute, a, b) => {
    const mixed = Math.imul(salt ^ Math.imul(minute, 0x9e37_79b1) ^ Math.imul(a * 31 + b, 0x85eb_ca6b), 0xc2b2_ae35);
    return ((mixed >>> 8) % 61) - 5;
  };
}

/** A tracker by another measure beside one that is told of fixes: it begins at any time and is told of evaluations. */
function trackerBeside(world: World, rosters: Rosters): LineTracker {
  return new LineTracker({ ...OTHER, backMinutesMax: 240 }, world.present, rosters);
}

test("lines are what the rule says, by any measure, after any history of fixes, evaluations and new beginnings", async () => {
  let composed = 0;
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), fc.nat(), async (steps, salt) => {
      const world = new World(gapsOf(salt));
      let rosters = new Rosters();
      let tracker = trackerOf(world, rosters);
      let beside = trackerBeside(world, rosters);
      const accept = (minute: number, index: number) => {
        const { accepted } = world.minute(minute);
        if (accepted.includes(index)) return;
        accepted.push(index);
        tracker.accept(minute, index);
      };
      const evaluate = (minute: number, upTo: number) => {
        world.evaluate(minute, upTo);
        tracker.noteEvaluation(minute);
        beside.noteEvaluation(minute);
      };
      const beginAnew = () => {
        rosters = new Rosters();
        tracker = trackerOf(world, rosters);
        beside = trackerBeside(world, rosters);
      };
      for (const action of steps) {
        if (action.do === "wait") world.present++;
        else if (action.do === "begin anew") beginAnew();
        else if (action.do === "look otherwise") beside = trackerBeside(world, rosters);
        else if (action.do === "fix") accept(world.present - action.back, action.device);
        else if (action.do === "evaluate") evaluate(world.present - action.back, action.upTo);
        else {
          for (let index = 0; index < DEVICES; index++) accept(world.present - action.back, index);
          evaluate(world.present - action.back, DEVICES);
        }
        await tracker.refresh(world, world.present, SEARCH_MS);
        const lines = linesOf(tracker);
        composed += lines.length;
        for (const line of lines) longest = Math.max(longest, Number(/: (\d+)/.exec(line)?.[1]));
        expect(lines).toEqual(world.expectedLines(DEFAULT));
        await beside.refresh(world, world.present, SEARCH_MS);
        expect(linesOf(beside)).toEqual(world.expectedLines(OTHER));
      }
    }),
    { numRuns: 300 },
  );
  // That it was worth comparing.
  expect(composed).toBeGreaterThan(10_000);
  expect(longest).toBeGreaterThan(5);
});

test("a run is followed back as far as it may be, and grows beyond that while it is watched", async () => {
  const world = new World(() => 10);
  world.present = FIRST_MINUTE + 500;
  for (let minute = FIRST_MINUTE; minute <= world.present; minute++) {
    world.minute(minute).accepted.push(0, 1);
    world.evaluate(minute, 2);
  }
  const tracker = new LineTracker({ ...DEFAULT, backMinutesMax: 30 }, world.present);
  for (let m = LineTracker.firstMinute(world.present); m <= world.present; m++) {
    for (const index of [0, 1]) tracker.accept(m, index);
  }
  await tracker.refresh(world, world.present, SEARCH_MS);
  const [before] = tracker.compose(everybody).minutes;
  expect(before).toBeGreaterThanOrEqual(30);
  expect(before).toBeLessThan(40);
  for (let step = 1; step <= 10; step++) {
    const minute = ++world.present;
    world.minute(minute).accepted.push(0, 1);
    world.evaluate(minute, 2);
    for (const index of [0, 1]) tracker.accept(minute, index);
    tracker.noteEvaluation(minute);
    await tracker.refresh(world, minute, SEARCH_MS);
    expect(tracker.compose(everybody).minutes[0]).toBe((before as number) + step);
  }
});
