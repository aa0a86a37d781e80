import fc from "fast-check";
import { expect, test } from "vitest";
import { RateMeter } from "./rate-meter.ts";

test("nothing came in: 0", () => {
  expect(new RateMeter().perSecond(1_000)).toBe(0);
});

test("the last ten seconds count, from the first total on where nothing older is known", () => {
  const meter = new RateMeter();
  meter.note(100_000, 5_000, 5_200);
  expect(meter.perSecond(100_100)).toBe(20);
  meter.note(104_000, 5_200, 5_300);
  expect(meter.perSecond(104_000)).toBe(30);
  expect(meter.perSecond(110_001)).toBe(10);
  expect(meter.perSecond(114_001)).toBe(0);
});

test("is right to the samples' 50 ms for any arrivals", () => {
  const arrivals = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 50 })), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(arrivals, (steps) => {
      const meter = new RateMeter();
      const noted: [number, number][] = [];
      let timeMs = 1e12;
      let total = 0;
      for (const [waitMs, count] of steps) {
        timeMs += waitMs;
        meter.note(timeMs, total, total + count);
        total += count;
        noted.push([timeMs, count]);
      }
      const within = (windowMs: number) =>
        noted.filter(([at]) => at > timeMs - windowMs).reduce((sum, [, count]) => sum + count, 0) / 10;
      expect(meter.perSecond(timeMs)).toBeGreaterThanOrEqual(within(10_000 - 50));
      expect(meter.perSecond(timeMs)).toBeLessThanOrEqual(within(10_000 + 50));
    }),
  );
});
