import { expect, test } from "vitest";
import { anchorAmid, anchorOfPlan } from "./anchor.ts";

const at = (longitude: number, latitude: number) => ({ longitude, latitude, floor: 0, accuracyM: 1 });

test("a plan's anchor is the centre of its bounding box, over lines and polygons alike", () => {
  const plan = {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: {},
        geometry: {
          type: "LineString",
          coordinates: [
            [10, 50],
            [11, 50.5],
          ],
        },
      },
      {
        type: "Feature",
        properties: {},
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [10, 49],
              [12, 49],
              [10, 49],
            ],
          ],
        },
      },
      { type: "Feature", properties: {}, geometry: null },
    ],
  };
  expect(anchorOfPlan(JSON.stringify(plan))).toEqual({ longitude: 11, latitude: 49.75 });
});

test("a plan with nothing in it has none", () => {
  expect(anchorOfPlan('{"type":"FeatureCollection","features":[]}')).toBeNull();
});

test("amid devices, one that is far off does not matter", () => {
  const anchor = anchorAmid([at(0, 0), at(11.5, 48.1), at(11.6, 48.2), at(11.55, 48.15), at(11.7, 48.1)]);
  expect(anchor?.longitude).toBeCloseTo(11.55, 1);
  expect(anchor?.latitude).toBeCloseTo(48.1, 1);
  expect(anchorAmid([at(5, 6)])).toEqual({ longitude: 5, latitude: 6 });
  expect(anchorAmid([])).toBeNull();
});

test("amid devices on both sides of the 180th meridian it is between them", () => {
  const anchor = anchorAmid([at(-179.9, 1), at(179.9, 1), at(180, 1)]);
  expect(Math.abs(anchor?.longitude ?? 0)).toBeCloseTo(180, 6);
});
