import { MINUTE_MS, minuteOf } from "@encounter/core/domain/minute";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shiftMs } from "./time-shift.ts";

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe("shifting recorded times", () => {
  test("to now keeps what is in one minute in one, and the newest in the last minute that is over", () => {
    fc.assert(
      fc.property(time, time, time, (nowMs, a, b) => {
        const newestMs = Math.max(a, b);
        const byMs = shiftMs({ kind: "to-now" }, newestMs, nowMs);
        expect(minuteOf(newestMs + byMs)).toBe(minuteOf(nowMs) - 1);
        expect(minuteOf(a + byMs) - minuteOf(b + byMs)).toBe(minuteOf(a) - minuteOf(b));
        expect(Number.isInteger(byMs / MINUTE_MS)).toBe(true);
      }),
    );
  });

  test("by minutes, or not at all", () => {
    expect(shiftMs({ kind: "by-minutes", minutes: -3 }, 1_000_000, 2_000_000)).toBe(-180_000);
    expect(shiftMs({ kind: "none" }, 1_000_000, 2_000_000)).toBe(0);
    expect(shiftMs({ kind: "to-now" }, Number.NaN, 2_000_000)).toBe(0);
  });
});
