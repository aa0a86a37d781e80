import { describe, expect, test } from "vitest";
import { SimulatedClock } from "./simulated-clock.ts";

const NOW = 1_700_000_000_000;
const HOUR_MS = 3_600_000;

describe("simulated time", () => {
  test("from now at normal speed is real time", () => {
    const clock = new SimulatedClock({ startMs: NOW, durationMs: Infinity, speed: 1 }, NOW);
    expect(clock.at(NOW + 5000)).toBe(NOW + 5000);
    expect(clock.realTimeOf(NOW + 5000)).toBe(NOW + 5000);
    expect(clock.isLive(NOW)).toBe(true);
  });

  test("from the past runs fast, meets the present, and goes on with it", () => {
    const clock = new SimulatedClock({ startMs: NOW - HOUR_MS, durationMs: Infinity, speed: 61 }, NOW);
    expect(clock.at(NOW)).toBe(NOW - HOUR_MS);
    expect(clock.at(NOW + 30_000)).toBe(NOW - HOUR_MS + 61 * 30_000);
    expect(clock.isLive(NOW + 59_999)).toBe(false);
    expect(clock.at(NOW + 60_000)).toBe(NOW + 60_000);
    expect(clock.isLive(NOW + 60_000)).toBe(true);
    expect(clock.at(NOW + 90_000)).toBe(NOW + 90_000);
  });

  test("never overtakes the present", () => {
    for (const speed of [0.5, 1, 2, 1000, Infinity]) {
      for (const startMs of [NOW, NOW - HOUR_MS]) {
        const clock = new SimulatedClock({ startMs, durationMs: Infinity, speed }, NOW);
        for (const laterMs of [0, 10, 10_000, 10 * HOUR_MS]) {
          expect(clock.at(NOW + laterMs)).toBeLessThanOrEqual(NOW + laterMs);
        }
      }
    }
  });

  test("knows at what real time a simulated time comes", () => {
    for (const speed of [1, 2, 60]) {
      const clock = new SimulatedClock({ startMs: NOW - HOUR_MS, durationMs: Infinity, speed }, NOW);
      for (const laterMs of [0, 1000, 100_000, 5 * HOUR_MS]) {
        expect(clock.realTimeOf(clock.at(NOW + laterMs))).toBeCloseTo(NOW + laterMs, -1);
      }
    }
  });

  test("without a start begins now, or so long ago that it ends now", () => {
    expect(new SimulatedClock({ startMs: null, durationMs: HOUR_MS, speed: 1 }, NOW).startMs).toBe(NOW);
    expect(new SimulatedClock({ startMs: null, durationMs: HOUR_MS, speed: 2 }, NOW).startMs).toBe(NOW - HOUR_MS);
  });

  test("as fast as it goes means that all of the past is due at once", () => {
    const clock = new SimulatedClock({ startMs: NOW - HOUR_MS, durationMs: Infinity, speed: Infinity }, NOW);
    expect(clock.at(NOW + 1)).toBe(NOW + 1);
  });
});
