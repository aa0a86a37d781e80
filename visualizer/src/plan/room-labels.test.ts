import { fromAnchored } from "@encounter/core/wire/live";
import { describe, expect, it } from "vitest";
import { readPlan } from "./plan.ts";
import { labelFeatures, labelledRooms, type Obstacles, RoomLabels } from "./room-labels.ts";

const anchor = { longitude: 13, latitude: 52 };
const scale = { pxPerM: 10, measurePx: (name: string, sizePx: number) => name.length * sizePx * 0.6 };
const NOBODY: Obstacles = { count: 0, places: new Float32Array(0) };

function roomsOf(...corners: [number, number][][]) {
  const features = corners.map((points) => {
    const ring = [...points, points[0]!].map(([eastM, northM]) => {
      const { longitude, latitude } = fromAnchored(anchor, eastM, northM);
      return [longitude, latitude];
    });
    const geometry = { type: "Polygon" as const, coordinates: [ring] };
    return { type: "Feature" as const, properties: { kind: "room", floor: 0, name: "Room" }, geometry };
  });
  return labelledRooms(readPlan({ type: "FeatureCollection", features }), 0, anchor);
}

const room = roomsOf([
  [0, 0],
  [10, 0],
  [10, 8],
  [0, 8],
]);

function crowd(...places: number[]): Obstacles {
  return { count: places.length / 2, places: Float32Array.from(places) };
}

describe("names of rooms", () => {
  it("stand top left where nobody is", () => {
    const [label] = new RoomLabels().place(room, scale, NOBODY);
    expect(label!.crowded).toBe(false);
    expect(label!.eastM - label!.widthPx / 2 / scale.pxPerM).toBeCloseTo(0, 3);
    expect(label!.northM + label!.heightPx / 2 / scale.pxPerM).toBeCloseTo(8, 3);
  });

  it("give way to a device, and stay where they went", () => {
    const labels = new RoomLabels();
    const [before] = labels.place(room, scale, NOBODY);
    const standing = crowd(before!.eastM, before!.northM);
    const [beside] = labels.place(room, scale, standing);
    expect([beside!.eastM, beside!.northM]).not.toEqual([before!.eastM, before!.northM]);
    expect(beside!.crowded).toBe(false);
    const [after] = labels.place(room, scale, NOBODY);
    expect([after!.eastM, after!.northM]).toEqual([beside!.eastM, beside!.northM]);
  });

  it("say that they cover devices where there is no room left", () => {
    const places: number[] = [];
    for (let x = 0; x <= 10; x += 0.5) for (let y = 0; y <= 8; y += 0.5) places.push(x, y);
    expect(new RoomLabels().place(room, scale, crowd(...places))[0]!.crowded).toBe(true);
  });

  it("are left out of rooms that are too small on the screen", () => {
    expect(new RoomLabels().place(room, { ...scale, pxPerM: 2 }, NOBODY)).toEqual([]);
  });

  it("stay inside a room of any shape", () => {
    const corner = roomsOf([
      [0, 0],
      [12, 0],
      [12, 12],
      [9, 12],
      [9, 4],
      [0, 4],
    ]);
    const [label] = new RoomLabels().place(corner, scale, NOBODY);
    const [west, north] = [label!.eastM - label!.widthPx / 20, label!.northM + label!.heightPx / 20];
    expect(north <= 4.001 || west >= 8.999).toBe(true);
  });

  it("become points for the map", () => {
    const [feature] = labelFeatures(new RoomLabels().place(room, scale, NOBODY), anchor).features;
    expect(feature!.properties).toMatchObject({ name: "Room", kind: "room", crowded: false });
  });
});
