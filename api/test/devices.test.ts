import type { VenueRecord } from "@encounter/core/service/venue-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
let record: VenueRecord;
const M = NOW_MINUTE - 400;
const ms = (minute: number) => minute * 60_000;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  record = await door.createVenue("hall");
});
afterAll(async () => {
  await door.close();
});

describe("the devices of a venue", () => {
  const ids = (json: { devices: { device_id: string }[] }) => json.devices.map(({ device_id: id }) => id);

  test("are none while none was seen", async () => {
    expect((await door.ask("/v1/venues/hall/devices")).json).toEqual({ devices: [], next_cursor: null });
  });

  test("are sorted by id, with their first and last fix once those are evaluated", async () => {
    await door.feed(record, [at("b", M + 5, 0), at("B", M, 0), at("b", M, 0), at("ä", M, 0), at("b", M + 9, 0)]);
    const before = (await door.ask("/v1/venues/hall/devices")).json;
    expect(before.devices[0]).toEqual({ device_id: "B", first_fix: null, last_fix: null });
    await door.evaluate(record);
    expect((await door.ask("/v1/venues/hall/devices")).json).toEqual({
      devices: [
        { device_id: "B", first_fix: ms(M) + 30_000, last_fix: ms(M) + 30_000 },
        { device_id: "b", first_fix: ms(M) + 30_000, last_fix: ms(M + 9) + 30_000 },
        { device_id: "ä", first_fix: ms(M) + 30_000, last_fix: ms(M) + 30_000 },
      ],
      next_cursor: null,
    });
  });

  test("are found by a part of their id, in any case, and paged without gap or repeat", async () => {
    const many = await door.createVenue("crowd");
    const names = Array.from({ length: 2_500 }, (_, index) => `Tag-${index}*[${index % 7}]`);
    await door.feed(
      many,
      names.map((name) => at(name, M, 0)),
    );
    const sorted = [...names].sort();
    for (const [q, limit] of [
      ["", 999],
      ["TAG-1", 100],
      ["*[3", 1_000],
      ["nobody", 10],
    ] as const) {
      const expected = sorted.filter((name) => name.toLowerCase().includes(q.toLowerCase()));
      const found: string[] = [];
      let cursor = "";
      do {
        const { json } = await door.ask(
          `/v1/venues/crowd/devices?q=${encodeURIComponent(q)}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
        );
        found.push(...ids(json));
        cursor = json.next_cursor ?? "";
      } while (cursor !== "");
      expect(found).toEqual(expected);
    }
    const { json } = await door.ask("/v1/venues/crowd/devices");
    expect(json.devices).toHaveLength(1_000);
    expect(json.next_cursor).not.toBeNull();
  });

  test.each(["limit=0", "limit=1001", "limit=x", "cursor=!!", "cursor=MQ", "query=a"])("refuse %s", async (query) => {
    const { status, json } = await door.ask(`/v1/venues/hall/devices?${query}`);
    expect([status, json.error.code]).toEqual([400, "bad_request"]);
  });
});

describe("the fixes of a device", () => {
  const fixes = (query: string, id = "walker") => door.ask(`/v1/venues/hall/devices/${id}/fixes?${query}`);

  test("are those that count, a minute each, so that missing minutes are seen", async () => {
    await door.feed(record, [
      at("walker", M, 1, { accuracyM: 2.25, floor: -2 }),
      at("walker", M, 50),
      at("walker", M + 3, 2),
      at("walker", M + 4, 3),
      at("other", M + 1, 0),
    ]);
    const { status, json } = await fixes(`from=${ms(M)}&to=${ms(M + 4)}`);
    expect(status).toBe(200);
    const { longitude, latitude } = at("walker", M, 1);
    expect(json).toEqual({
      venue_id: "hall",
      device_id: "walker",
      from: ms(M),
      to: ms(M + 4),
      fixes: [
        { minute: M, timestamp: ms(M) + 30_000, latitude, longitude, floor: -2, accuracy: 2.25 },
        { ...json.fixes[1], minute: M + 3 },
      ],
    });
    expect((await fixes(`from=${ms(M) + 59_999}&to=${ms(M + 4) + 1}`)).json.fixes).toHaveLength(3);
    expect((await fixes("")).json.fixes).toHaveLength(3);
  });

  test("of weeks come whole", async () => {
    const minutes = Array.from({ length: 3_000 }, (_, index) => M - 5 * index);
    await door.feed(
      record,
      minutes.map((minute) => at("tag", minute, 0)),
    );
    const { json } = await fixes(`from=${ms(M - 15_000)}&to=${ms(M + 1)}`, "tag");
    expect(json.fixes.map((fix: { minute: number }) => fix.minute)).toEqual(minutes.toReversed());
  });

  test("of a device that was never seen are none", async () => {
    expect((await fixes("", "nobody")).json.fixes).toEqual([]);
    expect((await door.ask("/v1/venues/nowhere/devices/walker/fixes")).status).toBe(404);
    expect((await fixes("from=5&to=4")).status).toBe(400);
  });
});
