import { afterAll, beforeAll, expect, test } from "vitest";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  await door.createVenue("v");
});
afterAll(async () => {
  await door.close();
});

const SQUARE = [
  [
    [8, 47],
    [8.001, 47],
    [8.001, 47.001],
    [8, 47.001],
    [8, 47],
  ],
];

function feature(kind: string, geometry: unknown, properties: object = {}) {
  return { type: "Feature", properties: { kind, floor: 0, ...properties }, geometry };
}

const polygon = (coordinates: unknown = SQUARE) => ({ type: "Polygon", coordinates });
const line = (...coordinates: unknown[]) => ({ type: "LineString", coordinates });
const plan = (...features: unknown[]) => ({ type: "FeatureCollection", features });
const put = (body: unknown, headers: Record<string, string> = {}) =>
  door.ask("/v1/venues/v/plan", { method: "PUT", body, headers });

const WHOLE = plan(
  feature("floor", polygon(), { name: "Ground" }),
  feature("room", { type: "MultiPolygon", coordinates: [SQUARE] }, { floor: -1, colour: "red" }),
  feature("wall", line([8, 47], [8.001, 47])),
  feature("wall", polygon()),
  feature("door", {
    type: "MultiLineString",
    coordinates: [
      [
        [8, 47],
        [8.001, 47, 12.5],
      ],
    ],
  }),
  feature("furniture", polygon()),
  feature("zone", polygon()),
);

test("a venue without a plan has an empty one", async () => {
  const { status, json, headers } = await door.ask("/v1/venues/v/plan");
  expect([status, json]).toEqual([200, { type: "FeatureCollection", features: [] }]);
  expect(headers.get("content-type")).toContain("application/geo+json");
});

test("a plan is kept as it was given, and replaced as a whole", async () => {
  expect((await put(WHOLE)).status).toBe(204);
  expect((await door.ask("/v1/venues/v/plan")).json).toEqual(WHOLE);
  const other = plan(feature("zone", polygon()));
  expect((await put(other, { "content-type": "application/geo+json" })).status).toBe(204);
  expect((await door.ask("/v1/venues/v/plan")).json).toEqual(other);
  expect((await put(plan())).status).toBe(204);
});

test("with each plan its revision grows, and the settings stay", async () => {
  const read = () => door.redis.hmget("{v:v}:venue", "plan", "version");
  const [before, version] = await read();
  await put(WHOLE);
  await put(WHOLE);
  expect(await read()).toEqual([String(Number(before) + 2), version]);
});

test("lines that touch are fine: rooms share corners, a wall may end at itself", async () => {
  const loop = line([8, 47], [8.002, 47], [8.002, 47.002], [8.001, 47.002], [8.001, 47]);
  const pinched = polygon([
    [
      [8, 47],
      [8.002, 47],
      [8.001, 47.001],
      [8.002, 47.002],
      [8, 47.002],
      [8.001, 47.001],
      [8, 47],
    ],
  ]);
  expect((await put(plan(feature("wall", loop), feature("room", pinched)))).status).toBe(204);
});

test.each<[string, unknown, string]>([
  ["no object", [], "must be GeoJSON"],
  ["no collection", feature("room", polygon()), "must be GeoJSON"],
  ["no features", { type: "FeatureCollection" }, "features must be an array"],
  ["no feature", plan(polygon()), 'features[0] must be {"type":"Feature",...}'],
  ["no properties", plan({ type: "Feature", properties: null, geometry: polygon() }), "features[0].properties"],
  [
    "an unknown kind",
    plan(feature("zone", polygon()), feature("space", polygon())),
    "features[1].properties.kind must be one of floor, room",
  ],
  [
    "no floor",
    plan(feature("room", polygon(), { floor: undefined })),
    "features[0].properties.floor must be a whole number",
  ],
  ["half a floor", plan(feature("room", polygon(), { floor: 0.5 })), "features[0].properties.floor"],
  ["a floor too high", plan(feature("room", polygon(), { floor: 1001 })), "between -100 and 1000"],
  ["a name that is none", plan(feature("room", polygon(), { name: 3 })), "features[0].properties.name"],
  ["no geometry", plan(feature("room", null)), "features[0].geometry must be an object"],
  [
    "a room that is a line",
    plan(feature("room", line([8, 47], [9, 47]))),
    "type of a room must be one of Polygon, MultiPolygon",
  ],
  [
    "a wall that is a point",
    plan(feature("wall", { type: "Point", coordinates: [8, 47] })),
    "one of LineString, MultiLineString, Polygon",
  ],
  ["a line of one position", plan(feature("wall", line([8, 47]))), "at least 2 positions"],
  [
    "a ring of three",
    plan(
      feature(
        "room",
        polygon([
          [
            [8, 47],
            [9, 47],
            [8, 47],
          ],
        ]),
      ),
    ),
    "[0] must have at least 4 positions",
  ],
  [
    "an open ring",
    plan(
      feature(
        "room",
        polygon([
          [
            [8, 47],
            [9, 47],
            [9, 48],
            [8, 48],
          ],
        ]),
      ),
    ),
    "must be closed",
  ],
  ["no ring", plan(feature("room", polygon([]))), "must be nested"],
  [
    "wrong nesting",
    plan(
      feature(
        "room",
        polygon([
          [8, 47],
          [9, 47],
          [9, 48],
          [8, 47],
        ]),
      ),
    ),
    "[0] must be nested as GeoJSON says",
  ],
  ["no coordinates", plan(feature("room", { type: "Polygon" })), "must be nested"],
  [
    "a longitude too great",
    plan(feature("wall", line([8, 47], [181, 47]))),
    "[1] must have a longitude between -180 and 180",
  ],
  ["latitude first", plan(feature("wall", line([8, 86], [8, 87]))), "[0] must have a latitude between -85.05112878"],
  [
    "a text for a number",
    plan(feature("wall", line([8, "47"], [9, 47]))),
    "[0] must be [longitude, latitude], two numbers",
  ],
  [
    "a ring that crosses itself",
    plan(
      feature(
        "room",
        polygon([
          [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 2],
            [0, 0],
          ],
        ]),
      ),
    ),
    "must not cross itself: it does at [1, 1]",
  ],
  ["a wall that crosses itself", plan(feature("wall", line([0, 0], [2, 2], [2, 0], [0, 2]))), "must not cross itself"],
  [
    "a feature of too many positions",
    plan(feature("wall", line(...Array.from({ length: 1_001 }, (_, i) => [i / 1_000, 0])))),
    "at most 1000 positions",
  ],
])("refuses %s, and keeps the plan it had", async (_, body, message) => {
  await put(WHOLE);
  const { status, json } = await put(body);
  expect([status, json.error.code]).toEqual([400, "bad_request"]);
  expect(json.error.message).toContain(message);
  expect((await door.ask("/v1/venues/v/plan")).json).toEqual(WHOLE);
});

test("refuses what is too large", async () => {
  const { status, json } = await put(plan(feature("room", polygon(), { name: "x", note: "n".repeat(9_000_000) })));
  expect([status, json.error.code]).toEqual([413, "too_large"]);
});

test("refuses a plan for a venue that is not there", async () => {
  expect((await door.ask("/v1/venues/nowhere/plan", { method: "PUT", body: WHOLE })).status).toBe(404);
  expect((await door.ask("/v1/venues/nowhere/plan")).status).toBe(404);
});
