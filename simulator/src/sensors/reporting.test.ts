import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../world/random.ts";
import { ReportingPlan } from "./reporting.ts";

test("reports come at their interval, within their jitter, in whole ms that only grow", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 20, max: 60_000 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (seed, intervalMs, jitter) => {
        const plan = new ReportingPlan(new Random(seed), intervalMs, jitter);
        const times = Array.from({ length: 50 }, () => plan.nextMs());
        expect(times[0]).toBeLessThanOrEqual(intervalMs * 1.5 + 1);
        times.forEach((timeMs, i) => {
          expect(Number.isInteger(timeMs)).toBe(true);
          if (i === 0) return;
          expect(timeMs).toBeGreaterThan(times[i - 1]!);
          const offMs = timeMs - times[0]! - i * intervalMs;
          expect(Math.abs(offMs)).toBeLessThanOrEqual(2 * jitter * intervalMs + 2);
        });
      },
    ),
  );
});
