import {
  booleanIntersects,
  booleanWithin,
  featureCollection,
  intersect,
  kinks,
  polygon,
  area as turfArea,
} from "@turf/turf";
import { describe, expect, test } from "vitest";
import { builtInPlan } from "./building.ts";
import { contains, edgesOf, type PlanShape, type Point } from "./plan.ts";

/** Where the hall's floor stands among the house's. */
const HALL = 10;
const house = builtInPlan();
const hall = builtInPlan(1);
/** Outlines of both are held to the same. */
const plan = [...house, ...hall.map((shape) => ({ ...shape, floor: shape.floor + HALL }))];
const ofKind = (kind: PlanShape["kind"]) => plan.filter((shape) => shape.kind === kind);
/** Metres as if they were degrees: planar questions have the same answers, and turf wants GeoJSON. */
const toTurf = (shape: PlanShape) =>
  polygon(shape.rings.map((ring) => [...ring, ring[0]!].map(([x, y]) => [x / 100, y / 100])));
const floorOf = (shape: PlanShape) => ofKind("floor").find((floor) => floor.floor === shape.floor)!;

describe("the built-in building", () => {
  test("has three floors with rooms, walls, doors and furniture, and every room has a name", () => {
    expect(ofKind("floor").map((floor) => floor.floor)).toEqual([0, 1, 2, HALL]);
    for (const floor of [0, 1, 2, HALL]) {
      for (const kind of ["room", "wall", "door", "furniture"] as const) {
        expect(
          ofKind(kind).some((shape) => shape.floor === floor),
          `${kind} on floor ${floor}`,
        ).toBe(true);
      }
    }
    expect(ofKind("room").filter((room) => room.name === undefined)).toEqual([]);
    for (const name of ["Canteen", "Stairs A", "Auditorium", "Foyer", "Corridor"]) {
      expect(
        ofKind("room").some((room) => room.name === name),
        name,
      ).toBe(true);
    }
  });

  test("no outline crosses itself", () => {
    const crossing = plan.filter((shape) => shape.form === "polygon" && kinks(toTurf(shape)).features.length > 0);
    expect(crossing.map((shape) => shape.name)).toEqual([]);
  });

  test("rooms lie within their floor and do not overlap each other", () => {
    for (const room of ofKind("room")) expect(booleanWithin(toTurf(room), toTurf(floorOf(room))), room.name).toBe(true);
    for (const a of ofKind("room")) {
      for (const b of ofKind("room")) {
        if (a === b || a.floor !== b.floor || !booleanIntersects(toTurf(a), toTurf(b))) continue;
        const common = intersect(featureCollection([toTurf(a), toTurf(b)]));
        expect(common === null ? 0 : turfArea(common), `${a.name} and ${b.name}`).toBeLessThan(1);
      }
    }
  });

  test("furniture stands inside one room, clear of its walls", () => {
    for (const piece of ofKind("furniture")) {
      const room = ofKind("room").find(
        (candidate) => candidate.floor === piece.floor && contains(candidate, piece.rings[0]![0]!),
      );
      expect(room, piece.name).toBeDefined();
      expect(booleanWithin(toTurf(piece), toTurf(room!)), `${piece.name} in ${room!.name}`).toBe(true);
    }
  });

  test("every door is a gap in the walls, and every room but the corridor has one on its outline", () => {
    for (const door of ofKind("door")) {
      const [[a, b]] = [...edgesOf(door)] as [readonly [Point, Point]];
      const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      const walls = ofKind("wall").filter((wall) => wall.floor === door.floor);
      expect(
        Math.min(...walls.flatMap((wall) => [...edgesOf(wall)].map((edge) => distanceTo(edge, middle)))),
        door.name,
      ).toBeGreaterThan(0.5);
    }
    for (const room of ofKind("room").filter(({ name }) => name !== "Corridor")) {
      const doors = ofKind("door").filter((door) => door.floor === room.floor);
      const own = doors.filter((door) =>
        [...edgesOf(room)].some((edge) => door.rings[0]!.every((end) => distanceTo(edge, end) < 1e-9)),
      );
      expect(own.length, `${room.name} on floor ${room.floor}`).toBeGreaterThan(0);
    }
  });
});

function distanceTo([[ax, ay], [bx, by]]: readonly [Point, Point], [x, y]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
