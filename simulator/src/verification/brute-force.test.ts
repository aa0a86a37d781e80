import { toColumns } from "@encounter/core/domain/fix";
import { joinWithin } from "@encounter/core/domain/proximity";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contactsByBruteForce, type Placed } from "./brute-force.ts";

const METRE = 1 / 111_195;
const possible = { proximityM: 5, minMinutes: 5, certain: false };

function placed(device: number, northM: number, changes: Partial<Placed> = {}): Placed {
  return { device, longitude: 8, latitude: northM * METRE, floor: 0, accuracyM: 0, ...changes };
}

/** The same two places in minutes. */
function during(minutes: readonly number[], ...places: Placed[]): Map<number, Placed[]> {
  return new Map(minutes.map((minute) => [minute, places]));
}

describe("contacts by brute force", () => {
  test("are runs of at least so many minutes", () => {
    const near = [placed(0, 0), placed(1, 4)];
    const minutes = during([1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17], ...near);
    expect(contactsByBruteForce(minutes, possible)).toEqual([
      { a: 0, b: 1, startMinute: 1, endMinute: 6, certainMinutes: 5 },
      { a: 0, b: 1, startMinute: 12, endMinute: 18, certainMinutes: 6 },
    ]);
  });

  test("reach as far as the circles, are certain where these lie within, and end at floors", () => {
    const run = [1, 2, 3, 4, 5];
    const circles = during(
      run,
      placed(0, 0, { accuracyM: 2 }),
      placed(1, 8, { accuracyM: 1.5 }),
      placed(2, 8.2, { floor: 1 }),
    );
    expect(contactsByBruteForce(circles, possible).map(({ a, b, certainMinutes }) => [a, b, certainMinutes])).toEqual([
      [0, 1, 0],
    ]);
    expect(contactsByBruteForce(circles, { ...possible, certain: true })).toEqual([]);
    const close = during(run, placed(0, 0, { accuracyM: 2 }), placed(1, 1, { accuracyM: 1.5 }));
    expect(contactsByBruteForce(close, { ...possible, certain: true })).toEqual([
      { a: 0, b: 1, startMinute: 1, endMinute: 6, certainMinutes: 5 },
    ]);
  });

  test("find the pairs that the domain's join finds, no more and no less", () => {
    const place = fc.record({
      longitude: fc.double({ min: 8, max: 8.0005, noNaN: true }),
      latitude: fc.double({ min: 47, max: 47.0004, noNaN: true }),
      floor: fc.nat(1),
      accuracyM: fc.double({ min: 0, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 40 }), (places) => {
        const devices = places.map((position, device) => ({ ...position, device }));
        const found = contactsByBruteForce(new Map([[7, devices]]), { ...possible, minMinutes: 1 });
        const joined = joinWithin(toColumns(places), 5);
        const expected = Array.from(
          { length: joined.count },
          (_, i) => `${joined.older[i]} ${joined.newer[i]} ${joined.reachDm[i]! <= 50}`,
        );
        expect(found.map(({ a, b, certainMinutes }) => `${a} ${b} ${certainMinutes === 1}`).sort()).toEqual(
          expected.sort(),
        );
      }),
    );
  });
});
