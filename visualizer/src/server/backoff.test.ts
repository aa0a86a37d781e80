import { expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

it("waits anything up to a ceiling that doubles and ends", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => backoffMs(attempt, 1));
  expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  expect(backoffMs(3, 0)).toBe(0);
  expect(backoffMs(3, 0.25)).toBe(1_000);
});
