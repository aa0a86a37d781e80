import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TimerWheel } from "./timer-wheel.ts";

describe("the timer wheel", () => {
  test("fires every timer as often as it is due, never early, each in its order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 200_000 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 8 }),
        (intervals, advances) => {
          const wheel = new TimerWheel(intervals.length, 0);
          const fired: number[][] = intervals.map(() => []);
          intervals.forEach((intervalMs, timer) => void wheel.schedule(timer, intervalMs));
          let [nowMs, early] = [0, 0];
          const fire = (timer: number, dueMs: number) => {
            if (dueMs >= nowMs) early++;
            fired[timer]!.push(dueMs);
            return dueMs + intervals[timer]!;
          };
          for (const advanceMs of advances) {
            nowMs += advanceMs;
            wheel.advance(nowMs, fire, () => true);
          }
          expect(wheel.reachedMs).toBe(Math.floor(nowMs / 10) * 10);
          expect(early).toBe(0);
          const expected = intervals.map((intervalMs) => {
            const due = Math.max(0, Math.ceil(wheel.reachedMs / intervalMs) - 1);
            return Array.from({ length: due }, (_, i) => (i + 1) * intervalMs);
          });
          expect(fired).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("stops between two ticks when it may not go on, and goes on from there", () => {
    const wheel = new TimerWheel(3, 0);
    const fired: number[] = [];
    [5, 15, 25].forEach((dueMs, timer) => void wheel.schedule(timer, dueMs));
    const fire = (timer: number, dueMs: number) => {
      fired.push(timer);
      return dueMs + 1_000;
    };
    expect(wheel.advance(100, fire, () => fired.length < 2)).toBe(false);
    expect(fired).toEqual([0, 1]);
    expect(wheel.reachedMs).toBe(20);
    expect(wheel.advance(100, fire, () => true)).toBe(true);
    expect(fired).toEqual([0, 1, 2]);
  });
});
