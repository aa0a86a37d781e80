import { describe, expect, test } from "vitest";
import { Pacer } from "./pacer.ts";

const HOUR_MS = 3_600_000;

describe("the pace of a replay", () => {
  test("is that of the recording, so many times faster", () => {
    const pacer = new Pacer(60, HOUR_MS);
    expect(pacer.waitMs(1_000_000, 500)).toBe(0);
    expect(pacer.waitMs(1_060_000, 500)).toBe(1_000);
    expect(pacer.waitMs(1_060_000, 1_500)).toBe(0);
    expect(pacer.waitMs(1_120_000, 1_700)).toBe(800);
  });

  test("lets a late fix go at once: it came after the newer one", () => {
    const pacer = new Pacer(1, HOUR_MS);
    pacer.waitMs(1_000_000, 0);
    expect(pacer.waitMs(1_010_000, 0)).toBe(10_000);
    expect(pacer.waitMs(1_000_500, 10_000)).toBe(0);
    expect(pacer.waitMs(1_011_000, 10_000)).toBe(1_000);
  });

  test("cuts a long gap short, and keeps the pace after it", () => {
    const pacer = new Pacer(1, 2_000);
    pacer.waitMs(0, 0);
    expect(pacer.waitMs(24 * HOUR_MS, 0)).toBe(2_000);
    expect(pacer.waitMs(24 * HOUR_MS + 1_000, 2_000)).toBe(1_000);
  });

  test("does not wait at all at the highest speed", () => {
    const pacer = new Pacer(Infinity, HOUR_MS);
    for (const fixTimeMs of [0, 100, 1e12]) expect(pacer.waitMs(fixTimeMs, 5)).toBeLessThanOrEqual(0);
  });
});
