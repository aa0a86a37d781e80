import { expect, test } from "vitest";
import { builtInPlan } from "./building.ts";
import { LocalFrame } from "./local-frame.ts";
import { planTroubles } from "./plan-check.ts";
import { toGeoJson } from "./plan-geojson.ts";

test("the built-in plan has no troubles", async () => {
  const plan = toGeoJson({ plan: builtInPlan(), frame: new LocalFrame(8, 47) }, [{ eastM: 0, northM: 0, prefix: "" }]);
  expect(await planTroubles(plan)).toEqual([]);
});

test("outlines that cross themselves are told by name, the first few of many", async () => {
  const bow = {
    type: "Polygon",
    coordinates: [
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ],
  };
  const feature = { type: "Feature", properties: { kind: "room", name: "Bow" }, geometry: bow };
  expect(await planTroubles({ type: "FeatureCollection", features: [feature] })).toEqual([
    'the outline of room "Bow" (feature 1) crosses itself',
  ]);
  const many = await planTroubles({ type: "FeatureCollection", features: Array(9).fill(feature) });
  expect(many.length).toBe(6);
  expect(many[5]).toBe("and so do 4 more");
});
