import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../world/random.ts";
import { BACKOFF_BASE_MS, BACKOFF_MOST_MS, Backoff } from "./backoff.ts";

describe("back-off with full jitter", () => {
  test("the n-th wait lies between nothing and a bound that doubles up to a most", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, attempts) => {
        const random = new Random(seed);
        const backoff = new Backoff(() => random.next());
        const waits = Array.from({ length: attempts }, () => backoff.nextMs());
        const bounds = waits.map((_, n) => Math.min(BACKOFF_MOST_MS, BACKOFF_BASE_MS * 2 ** n));
        expect(waits.filter((waitMs, n) => waitMs < 0 || waitMs >= bounds[n]!)).toEqual([]);
      }),
    );
  });

  test("the jitter is full: waits fill their whole range evenly", () => {
    const random = new Random(1);
    const waits = Array.from({ length: 4_000 }, () => new Backoff(() => random.next()).nextMs());
    for (const quarter of [0, 1, 2, 3]) {
      const among = waits.filter((waitMs) => Math.floor((waitMs * 4) / BACKOFF_BASE_MS) === quarter).length;
      expect(among / waits.length).toBeCloseTo(0.25, 1);
    }
  });

  test("what the server asks for is waited in any case, and jitter comes on top", () => {
    const backoff = new Backoff(() => 0.5);
    expect(backoff.nextMs(1500)).toBe(1500 + BACKOFF_BASE_MS / 2);
    expect(backoff.nextMs(1500)).toBe(1500 + BACKOFF_BASE_MS);
  });

  test("after something worked the waits are short again", () => {
    const backoff = new Backoff(() => 0.999);
    for (let n = 0; n < 10; n++) backoff.nextMs();
    expect(backoff.nextMs()).toBeGreaterThan(BACKOFF_MOST_MS / 2);
    backoff.reset();
    expect(backoff.nextMs()).toBeLessThan(BACKOFF_BASE_MS);
  });
});
