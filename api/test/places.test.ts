import { readPlace } from "@encounter/core/service/venue-place";
import { venueRecordKey } from "@encounter/core/storage/keys";
import { afterAll, beforeAll, expect, test } from "vitest";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;

beforeAll(async () => {
  door = await OperatorsDoor.open();
});
afterAll(() => door.close());

const placeOf = async (venueId: string) => (await door.ask(`/v1/venues/${venueId}`)).json.place;

const planAt = (west: number) => ({
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { kind: "wall", floor: 0 },
      geometry: {
        type: "LineString",
        coordinates: [
          [west, 48],
          [west + 0.002, 48.002],
        ],
      },
    },
  ],
});
const putPlan = (venueId: string, plan: object) =>
  door.ask(`/v1/venues/${venueId}/plan`, { method: "PUT", body: plan });
const middleAt = (west: number) => ({
  longitude: expect.closeTo(west + 0.001, 9),
  latitude: expect.closeTo(48.001, 9),
});

test("a venue is nowhere, then amid its fixes, then where its plan is, and where the next plan is", async () => {
  const record = await door.createVenue("hall");
  expect(await placeOf("hall")).toBeNull();
  const fixes = [at("a", NOW_MINUTE, 0), at("b", NOW_MINUTE, 20), at("c", NOW_MINUTE, 90)];
  await door.feed(record, [...fixes, at("lost", NOW_MINUTE, 0, { longitude: 0, latitude: 0 })]);
  const place = await placeOf("hall");
  expect(fixes.map(({ longitude }) => longitude)).toContainEqual(expect.closeTo(place.longitude, 9));
  expect((await door.ask("/v1/venues")).json.venues).toEqual([(await door.ask("/v1/venues/hall")).json]);

  await putPlan("hall", planAt(11));
  expect(await placeOf("hall")).toEqual(middleAt(11));
  await putPlan("hall", planAt(12));
  expect(await placeOf("hall")).toEqual(middleAt(12));
  await putPlan("hall", { type: "FeatureCollection", features: [] });
  expect(await placeOf("hall")).toEqual(middleAt(12));
});

test("amid fixes it stays while the venue does, and follows when that has moved for good", async () => {
  const record = await door.createVenue("ship");
  await door.feed(record, [at("a", NOW_MINUTE - 300, 0)]);
  const harbour = await placeOf("ship");
  await door.feed(record, [at("a", NOW_MINUTE - 290, 50_000)]);
  expect(await placeOf("ship")).toEqual(harbour);
  await door.feed(record, [at("a", NOW_MINUTE - 200, 3_000)]);
  expect(await placeOf("ship")).toEqual(harbour);
  await door.feed(record, [at("a", NOW_MINUTE - 100, 50_000)]);
  expect((await placeOf("ship")).longitude).toBeCloseTo(at("a", 0, 50_000).longitude, 9);
});

test("is noted once, and by nobody for a venue that has ended", async () => {
  const record = await door.createVenue("noted");
  await door.feed(record, [at("a", NOW_MINUTE, 0)]);
  const places = await Promise.all([placeOf("noted"), placeOf("noted"), placeOf("noted")]);
  expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(1);
  const noted = readPlace(await door.redis.hget(venueRecordKey("noted"), "place"));
  expect(noted).toMatchObject({ ...places[0], planRevision: 0, minute: NOW_MINUTE });
  await door.ask("/v1/venues/noted", { method: "DELETE" });
  expect(await door.redis.exists(venueRecordKey("noted"))).toBe(0);
  await door.createVenue("noted");
  expect(await placeOf("noted")).toBeNull();
});

test("what GET answers can be put back", async () => {
  const record = await door.createVenue("again");
  await door.feed(record, [at("a", NOW_MINUTE, 0)]);
  const { json } = await door.ask("/v1/venues/again");
  expect(json.place).not.toBeNull();
  const put = await door.ask("/v1/venues/again", { method: "PUT", body: json });
  expect([put.status, put.json]).toEqual([200, json]);
});
