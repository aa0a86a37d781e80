import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Agenda } from "./agenda.ts";
import { builtInPlan } from "./building.ts";
import type { Path } from "./path.ts";
import { contains, edgesOf, type Plan, type Point } from "./plan.ts";
import { fromGeoJson } from "./plan-geojson.ts";
import { Site } from "./site.ts";
import { Walker, type Whereabouts } from "./walker.ts";

const HOUR_MS = 3_600_000;
const builtIn = builtInPlan();
const site = new Site(builtIn);

function walkerOf(number: number, seed: number, place = site): Walker {
  const agenda = new Agenda(place, seed);
  return new Walker(place, agenda, agenda.person(number));
}

function walk(walker: Walker, stepMs: number, lengthMs = HOUR_MS): Whereabouts[] {
  return Array.from({ length: lengthMs / stepMs }, (_, i) => walker.at(i * stepMs));
}

describe("people", () => {
  test("walk the same way for the same seed, another way for another one", () => {
    expect(walk(walkerOf(17, 5), 10_000)).toEqual(walk(walkerOf(17, 5), 10_000));
    expect(walk(walkerOf(17, 5), 10_000)).not.toEqual(walk(walkerOf(17, 6), 10_000));
    expect(walk(walkerOf(17, 5), 10_000)).not.toEqual(walk(walkerOf(18, 5), 10_000));
  });

  test("are where they are however often one asks", () => {
    fc.assert(
      fc.property(
        fc.nat(431),
        fc.nat(),
        fc.array(fc.nat(3 * HOUR_MS), { minLength: 1, maxLength: 40 }),
        (number, seed, times) => {
          const ordered = times.sort((a, b) => a - b);
          const asked = walkerOf(number, seed);
          const seen = ordered.map((timeMs) => asked.at(timeMs));
          const last = ordered[ordered.length - 1]!;
          expect(walkerOf(number, seed).at(last)).toEqual(seen[seen.length - 1]);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("never walk through a wall, and change floors on the stairs alone", () => {
    fc.assert(
      fc.property(fc.nat(431), fc.nat(), (number, seed) => {
        for (const way of waysOf(walkerOf(number, seed))) expectPassable(builtIn, site, way);
      }),
      { numRuns: 20 },
    );
  });

  test("are no faster than somebody in a hurry", () => {
    let fastestM = 0;
    for (let number = 0; number < 20; number++) {
      const walked = walk(walkerOf(number, 3), 1000, HOUR_MS / 2);
      walked.slice(1).forEach((to, i) => {
        const from = walked[i]!;
        if (from.floor === to.floor) fastestM = Math.max(fastestM, Math.hypot(to.xM - from.xM, to.yM - from.yM));
      });
    }
    expect(fastestM).toBeGreaterThan(1);
    expect(fastestM).toBeLessThanOrEqual(1.6001);
  });

  test("get about: desks, meetings, the canteen, several floors", () => {
    const floors = new Set<number>();
    const rooms = new Set<string>();
    for (let number = 0; number < 60; number++) {
      for (const { xM, yM, floor } of walk(walkerOf(number, 9), 60_000, 2 * HOUR_MS)) {
        floors.add(floor);
        const room = builtIn.find(
          (shape) => shape.kind === "room" && shape.floor === floor && contains(shape, [xM, yM]),
        );
        rooms.add((room?.name ?? "").replace(/[\d. ]+$/, ""));
      }
    }
    expect([...floors].sort()).toEqual([0, 1, 2]);
    expect([...rooms]).toEqual(expect.arrayContaining(["Office", "Meeting", "Canteen", "Corridor", "Coffee"]));
  });

  test("have neighbours at once: in the first six minutes many pairs stay within two metres", () => {
    const walkers = Array.from({ length: 30 }, (_, number) => walkerOf(number, 1));
    const tracks = walkers.map((walker) => walk(walker, 60_000, 6 * 60_000));
    let pairs = 0;
    tracks.forEach((a, i) => {
      for (const b of tracks.slice(i + 1)) {
        if (
          a.every(
            (at, minute) =>
              at.floor === b[minute]!.floor && Math.hypot(at.xM - b[minute]!.xM, at.yM - b[minute]!.yM) <= 2,
          )
        )
          pairs++;
      }
    });
    expect(pairs).toBeGreaterThan(10);
  });

  const officePlan = path.join(process.env.ENCOUNTER_DATA ?? "", "office-plan.geojson");
  const isThere = process.env.ENCOUNTER_DATA !== undefined && existsSync(officePlan);

  test.skipIf(!isThere)(
    "walk about a real office's plan too (set ENCOUNTER_DATA to the folder that holds office-plan.geojson)",
    () => {
      const { plan } = fromGeoJson(JSON.parse(readFileSync(officePlan, "utf8")));
      const office = new Site(plan);
      expect(office.spots.length).toBeGreaterThan(100);
      for (let number = 0; number < 100; number += 8) {
        for (const way of waysOf(walkerOf(number, 4, office))) expectPassable(plan, office, way);
      }
    },
  );
});

/** Every way that somebody walks in two hours. */
function waysOf(walker: Walker): Set<Path> {
  const ways = new Set<Path>();
  for (let timeMs = 0; timeMs < 2 * HOUR_MS; timeMs += 15_000) {
    walker.at(timeMs);
    if (walker.path !== null) ways.add(walker.path);
  }
  return ways;
}

/** No step of a way may touch a wall, and storeys are changed on stairs alone, where the plan has any. */
function expectPassable(plan: Plan, place: Site, way: Path): void {
  const stairs = plan.filter((shape) => /Stairs/.test(shape.name ?? ""));
  way.points.slice(1).forEach((to, i) => {
    const from = way.points[i]!;
    if (from.floorIndex !== to.floorIndex) {
      expect(
        stairs.some((shape) => contains(shape, from.at)),
        `changes floors at ${from.at}`,
      ).toBe(true);
      expect(to.at).toEqual(from.at);
      return;
    }
    const walls = plan.filter((shape) => shape.kind === "wall" && shape.floor === place.grid.floors[from.floorIndex]);
    const crossed = walls.flatMap((wall) => [...edgesOf(wall)]).filter((edge) => cross(edge, [from.at, to.at]));
    expect(crossed, `from ${from.at} to ${to.at}`).toEqual([]);
  });
}

function cross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const apart = [0, 1].some((axis) => {
    const [p, q, r, s] = [a, b, c, d].map((point) => point[axis]!) as [number, number, number, number];
    return Math.max(p, q) < Math.min(r, s) || Math.max(r, s) < Math.min(p, q);
  });
  return !apart && side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

function side([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
}
