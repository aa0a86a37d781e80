import type { Feature, FeatureCollection, Geometry } from "geojson";
import { describe, expect, it } from "vitest";
import { planOnFloor, readPlan, roomAt } from "./plan.ts";

function square(west: number, south: number, side: number): Geometry {
  const [east, north] = [west + side, south + side];
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: "Polygon", coordinates: [ring] };
}

function feature(kind: string, floor: unknown, geometry: Geometry, name?: string): Feature {
  return { type: "Feature", properties: { kind, floor, ...(name === undefined ? {} : { name }) }, geometry };
}

function collection(...features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

const plan = readPlan(
  collection(
    feature("floor", 0, square(0, 0, 10), "Ground"),
    feature("floor", 2, square(0, 0, 10)),
    feature("zone", 0, square(0, 0, 6), "West"),
    feature("room", 0, square(1, 1, 8), "Hall"),
    feature("room", 0, square(2, 2, 2), "Booth"),
    feature("room", 2, square(2, 2, 2), "Attic"),
    feature("furniture", 0, square(5, 5, 1), "Desk"),
  ),
);

describe("a plan", () => {
  it("has floors, the highest first, and their names", () => {
    expect(plan.floors).toEqual([2, 0]);
    expect([...plan.floorNames]).toEqual([[0, "Ground"]]);
    expect(plan.bounds).toEqual({ west: 0, south: 0, east: 10, north: 10 });
  });

  it("gives a floor's features and no other's", () => {
    expect(planOnFloor(plan, 2).features.map(({ properties }) => properties!.kind)).toEqual(["floor", "room"]);
    expect(planOnFloor(plan, 1).features).toEqual([]);
    expect(planOnFloor(null, 0).features).toEqual([]);
  });

  it("names the smallest room about a place, else the zone", () => {
    expect(roomAt(plan, 3, 3, 0)).toBe("Booth");
    expect(roomAt(plan, 7, 7, 0)).toBe("Hall");
    expect(roomAt(plan, 0.5, 0.5, 0)).toBe("West");
    expect(roomAt(plan, 3, 3, 2)).toBe("Attic");
    expect(roomAt(plan, 9.5, 9.5, 0)).toBeNull();
    expect(roomAt(null, 3, 3, 0)).toBeNull();
  });

  it("leaves out what it does not know", () => {
    const line: Geometry = {
      type: "LineString",
      coordinates: [
        [0, 0],
        [1, 1],
      ],
    };
    const odd = readPlan(
      collection(
        feature("spaceship", 0, square(0, 0, 1)),
        feature("room", "0", square(0, 0, 1)),
        feature("room", 0, { type: "Point", coordinates: [0, 0] }),
        feature("room", 0, line),
        feature("wall", 0, line),
        { type: "Feature", properties: null, geometry: square(0, 0, 1) },
      ),
    );
    expect(odd.features.map(({ properties }) => properties)).toEqual([{ kind: "wall", floor: 0, shape: "line" }]);
    expect(readPlan(collection()).bounds).toBeNull();
  });

  it("begins a closed wall in the middle of a stretch", () => {
    const ring = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 0],
    ];
    const { features } = readPlan(collection(feature("wall", 0, { type: "LineString", coordinates: ring })));
    expect(features[0]!.geometry.coordinates).toEqual([
      [1, 0],
      [2, 0],
      [2, 2],
      [0, 0],
      [1, 0],
    ]);
  });
});
