import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Position, toColumns } from "./fix.ts";
import { metresPerDegreeEast, metresPerDegreeNorth } from "./geodesy.ts";
import { joinWithin, nearness } from "./proximity.ts";

/** A crowd about a place: offsets in metres, so that every latitude sees the same density. */
function crowdAt(longitude: number, latitude: number): fc.Arbitrary<Position[]> {
  const metres = fc.double({ min: -30, max: 30, noNaN: true });
  const person = fc.record({
    east: metres,
    north: metres,
    floor: fc.integer({ min: 0, max: 1 }),
    accuracyM: fc.oneof(fc.constantFrom(0, 1, 2.5, 4), fc.double({ min: 0, max: 4, noNaN: true })),
  });
  return fc.array(person, { minLength: 2, maxLength: 60 }).map((people) =>
    people.map(({ east, north, floor, accuracyM }) => {
      const turned = longitude + east / metresPerDegreeEast(latitude);
      return {
        longitude: turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned,
        latitude: Math.max(-85.05112878, Math.min(85.05112878, latitude + north / metresPerDegreeNorth(latitude))),
        floor,
        accuracyM,
      };
    }),
  );
}

function pairsByBruteForce(people: readonly Position[], proximityM: number): string[] {
  const pairs: string[] = [];
  people.forEach((a, i) => {
    people.slice(0, i).forEach((b, j) => {
      const { gapM, reachM } = nearness(a, b);
      if (a.floor !== b.floor || gapM > proximityM) return;
      pairs.push(`${i} ${j} ${upToDm(gapM)} ${upToDm(reachM)}`);
    });
  });
  return pairs.sort();
}

/** A length in whole µm, rounded up to decimetres. */
function upToDm(lengthM: number): number {
  return Math.ceil(Math.round(lengthM * 1e6) / 1e5);
}

function pairsByJoin(people: readonly Position[], proximityM: number, asks: Uint8Array | null = null): string[] {
  const { count, newer, older, gapDm, reachDm } = joinWithin(toColumns(people), proximityM, asks);
  return Array.from({ length: count }, (_, k) => `${newer[k]} ${older[k]} ${gapDm[k]} ${reachDm[k]}`).sort();
}

describe("joinWithin", () => {
  const places: [name: string, longitude: number, latitude: number][] = [
    ["0°, 0°", 0, 0],
    ["45° north", 7.5, 45],
    ["84.9° north", -120, 84.9],
    ["84.9° south", 33, -84.9],
    ["the latitude limit", 10, 85.05112878],
    ["the antimeridian", 180, 20],
    ["the antimeridian from the west, at 84.9°", -180, 84.9],
  ];
  for (const [name, longitude, latitude] of places) {
    test(`finds all near pairs and only those at ${name}`, () => {
      const proximity = fc.integer({ min: 0, max: 250 }).map((dm) => dm / 10);
      fc.assert(
        fc.property(crowdAt(longitude, latitude), proximity, (people, proximityM) => {
          expect(pairsByJoin(people, proximityM)).toEqual(pairsByBruteForce(people, proximityM));
        }),
        { numRuns: 150 },
      );
    });
  }

  test("finds pairs in a crowd spread over the whole globe", () => {
    const anywhere = fc.record({
      longitude: fc.constantFrom(-180, -179.99999, 0, 0.00001, 179.99999, 180),
      latitude: fc.constantFrom(-85, -0.00001, 0, 45, 45.00001, 85),
      floor: fc.constantFrom(-100, 0, 1000),
      accuracyM: fc.constantFrom(0, 4),
    });
    fc.assert(
      fc.property(fc.array(anywhere, { maxLength: 40 }), (people) => {
        expect(pairsByJoin(people, 5)).toEqual(pairsByBruteForce(people, 5));
      }),
    );
  });

  test("those who ask find those before them, and the shares of all who ask add up to the whole", () => {
    fc.assert(
      fc.property(crowdAt(7.5, 45), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (people, coins) => {
        const some = Uint8Array.from(people, (_, i) => (coins[i] ? 1 : 0));
        const others = some.map((mark) => 1 - mark);
        const shares = [...pairsByJoin(people, 5, some), ...pairsByJoin(people, 5, others)].sort();
        expect(shares).toEqual(pairsByBruteForce(people, 5));
      }),
      { numRuns: 50 },
    );
  });

  test("groups pairs by their newer member, in order", () => {
    const people = Array.from({ length: 50 }, (_, i) => ({ longitude: i * 1e-6, latitude: 1, floor: 0, accuracyM: 1 }));
    const { count, newer, older } = joinWithin(toColumns(people), 5);
    expect(count).toBe((50 * 49) / 2);
    for (let k = 1; k < count; k++) expect(newer[k] as number).toBeGreaterThanOrEqual(newer[k - 1] as number);
    for (let k = 0; k < count; k++) expect(older[k] as number).toBeLessThan(newer[k] as number);
  });
});

describe("nearness", () => {
  test("rounds before it compares: radii that miss their own sum in doubles do not matter", () => {
    const here = { longitude: 10, latitude: 0, accuracyM: 1.1 };
    const metres = 1.1 + 2.2 + 5;
    const there = { longitude: 10 + metres / metresPerDegreeEast(0), latitude: 0, accuracyM: 2.2 };
    expect(nearness(here, there).gapM).toBe(5);
    expect(
      joinWithin(
        toColumns([
          { ...here, floor: 0 },
          { ...there, floor: 0 },
        ]),
        5,
      ).count,
    ).toBe(1);
  });

  test("tells a signed gap, the distance and the reach", () => {
    const a = { longitude: 0, latitude: 0, accuracyM: 2 };
    expect(nearness(a, a)).toEqual({ distanceM: 0, gapM: -4, reachM: 4 });
  });
});
