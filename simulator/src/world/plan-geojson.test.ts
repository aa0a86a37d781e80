import { describe, expect, test } from "vitest";
import { builtInPlan } from "./building.ts";
import { LocalFrame } from "./local-frame.ts";
import { fromGeoJson, toGeoJson } from "./plan-geojson.ts";

const here = [{ eastM: 0, northM: 0, prefix: "" }];

/** A square of metres about 0, 0 as GeoJSON coordinates. */
function square(sideM: number): number[][][] {
  const frame = new LocalFrame(0, 0);
  const ring = [
    [0, 0],
    [sideM, 0],
    [sideM, sideM],
    [0, sideM],
    [0, 0],
  ] as const;
  return [ring.map(([x, y]) => [frame.longitudeAt(x), frame.latitudeAt(y)])];
}

function collection(...features: [properties: object, geometry: object][]): object {
  return {
    type: "FeatureCollection",
    features: features.map(([properties, geometry]) => ({ type: "Feature", properties, geometry })),
  };
}

describe("plans as GeoJSON", () => {
  test("the built-in plan has the contract's form", () => {
    const geoJson = toGeoJson({ plan: builtInPlan(), frame: new LocalFrame(8.55, 47.37) }, here);
    for (const { properties, geometry } of geoJson.features) {
      expect(["floor", "room", "wall", "door", "furniture", "zone"]).toContain(properties?.kind);
      expect(Number.isInteger(properties?.floor)).toBe(true);
      const isLine = ["wall", "door"].includes(properties?.kind);
      expect(geometry.type).toBe(isLine ? "LineString" : "Polygon");
    }
  });

  test("what is written is read back to the millimetre", () => {
    const plan = builtInPlan();
    const frame = new LocalFrame(-80.5, 43.48);
    const back = fromGeoJson(toGeoJson({ plan, frame }, here));
    expect(back.plan.length).toBe(plan.length);
    // The reader's origin is the plan's middle.
    const [shiftX, shiftY] = [back.frame.xAt(frame.longitude), back.frame.yAt(frame.latitude)];
    back.plan.forEach((shape, index) => {
      expect({ ...shape, rings: [] }).toEqual({ ...plan[index]!, rings: [] });
      shape.rings.flat().forEach(([xM, yM], at) => {
        const [expectedX, expectedY] = plan[index]!.rings.flat()[at]!;
        expect(Math.hypot(xM - shiftX - expectedX, yM - shiftY - expectedY)).toBeLessThan(0.003);
      });
    });
  });

  test("copies of a building stand apart and their rooms' names can be told apart", () => {
    const copies = [
      { eastM: 0, northM: 0, prefix: "Building 1, " },
      { eastM: 100, northM: 0, prefix: "Building 2, " },
    ];
    const { features } = toGeoJson({ plan: builtInPlan(), frame: new LocalFrame(0, 0) }, copies);
    expect(features.length).toBe(2 * builtInPlan().length);
    const names = features
      .filter(({ properties }) => properties?.name?.includes("Canteen"))
      .map(({ properties }) => properties?.name);
    expect(names).toContain("Building 1, Canteen");
    expect(names).toContain("Building 2, Canteen");
  });

  test("spaces and obstructions are read as what they are", () => {
    const polygon = (sideM: number) => ({ type: "Polygon", coordinates: square(sideM) });
    const { plan } = fromGeoJson(
      collection(
        [{ kind: "floor", floor: 2 }, polygon(20)],
        [{ kind: "obstruction", floor: 2, layer: "Inner Wall" }, polygon(1)],
        [{ kind: "space", floor: 2, layer: "Chairs" }, polygon(0.5)],
        [{ kind: "space", floor: 2, layer: "Polygon" }, polygon(2)],
        [{ kind: "space", floor: 2, layer: "Non Public" }, polygon(5)],
        [
          { kind: "space", floor: 2 },
          { type: "Point", coordinates: [0, 0] },
        ],
        [{ kind: "unheard of", floor: 2 }, polygon(5)],
      ),
    );
    expect(plan.map(({ kind, name }) => [kind, name])).toEqual([
      ["floor", undefined],
      ["wall", undefined],
      ["furniture", "Chair"],
      ["furniture", "Table"],
      ["zone", undefined],
    ]);
  });

  test("a storey without an outline gets one round everything on it", () => {
    const wall = { type: "LineString", coordinates: square(10)[0]!.slice(0, 3) };
    const { plan } = fromGeoJson(collection([{ kind: "wall", floor: 3 }, wall]));
    expect(plan.map(({ kind, floor }) => [kind, floor])).toEqual([
      ["floor", 3],
      ["wall", 3],
    ]);
  });

  test("what is no plan is refused with a reason", () => {
    expect(() => fromGeoJson({ type: "Feature" })).toThrow("FeatureCollection");
    expect(() => fromGeoJson(null)).toThrow("FeatureCollection");
    expect(() => fromGeoJson(collection())).toThrow("no floor, room");
    const outside = {
      type: "LineString",
      coordinates: [
        [0, 500],
        [1, 501],
      ],
    };
    expect(() => fromGeoJson(collection([{ kind: "wall" }, outside]))).toThrow("degrees");
  });
});
