import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
const M = NOW_MINUTE - 10;

beforeAll(async () => {
  door = await OperatorsDoor.open();
});
afterAll(async () => {
  await door.close();
});

describe("a minute, for replay", () => {
  test("has its fixes and the pairs in proximity", async () => {
    const record = await door.createVenue("hall");
    await door.feed(record, [
      at("b", M, 0),
      at("a", M, 2.5),
      at("c", M, 6.5),
      at("upstairs", M, 0, { floor: 1 }),
      at("a", M + 1, 0),
    ]);
    await door.evaluate(record);
    const { status, json } = await door.ask(`/v1/venues/hall/minutes/${M}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ venue_id: "hall", minute: M });
    expect(Object.keys(json).sort()).toEqual(["fixes", "minute", "pairs", "venue_id"]);
    const { longitude, latitude } = at("a", M, 2.5);
    expect(json.fixes.map((fix: { device_id: string }) => fix.device_id).sort()).toEqual(["a", "b", "c", "upstairs"]);
    expect(json.fixes).toContainEqual({
      device_id: "a",
      timestamp: M * 60_000 + 30_000,
      latitude,
      longitude,
      floor: 0,
      accuracy: 1,
    });
    const byIds = (x: { device_id: string; other: string }, y: { device_id: string; other: string }) =>
      x.device_id + x.other < y.device_id + y.other ? -1 : 1;
    expect(json.pairs.sort(byIds)).toEqual([
      { device_id: "a", other: "b", distance: 2.5, gap: 0.5, certain: true },
      { device_id: "a", other: "c", distance: 4, gap: 2, certain: false },
      { device_id: "b", other: "c", distance: 6.5, gap: 4.5, certain: false },
    ]);
    const nearer = (await door.ask(`/v1/venues/hall/minutes/${M}?proximity=0.5`)).json.pairs;
    expect(nearer).toEqual([{ device_id: "a", other: "b", distance: 2.5, gap: 0.5, certain: false }]);
  });

  test("may be empty", async () => {
    await door.createVenue("empty");
    expect((await door.ask(`/v1/venues/empty/minutes/${M}`)).json).toEqual({
      venue_id: "empty",
      minute: M,
      fixes: [],
      pairs: [],
    });
  });

  test.each([
    [`/v1/venues/empty/minutes/${M}?proximity=11`, 400],
    [`/v1/venues/empty/minutes/1.5`, 400],
    [`/v1/venues/nowhere/minutes/${M}`, 404],
  ])("%s is answered %i", async (path, status) => {
    expect((await door.ask(path)).status).toBe(status);
  });
});

describe("the status of a venue", () => {
  test("tells what is evaluated and what is not yet", async () => {
    const record = await door.createVenue("counted");
    expect((await door.ask("/v1/venues/counted/status")).json).toEqual({
      devices_online: 0,
      fixes_per_second: 0,
      newest_minute: null,
      unevaluated_fixes: 0,
    });
    await door.feed(record, [at("a", M, 0), at("b", M, 1), at("a", M - 1, 0)]);
    expect((await door.ask("/v1/venues/counted/status")).json).toMatchObject({
      newest_minute: null,
      unevaluated_fixes: 3,
    });
    await door.evaluate(record);
    expect((await door.ask("/v1/venues/counted/status")).json).toMatchObject({
      newest_minute: M,
      unevaluated_fixes: 0,
    });
  });

  test("tells who is online and how much comes", async () => {
    const record = await door.createVenue("busy");
    const status = async () => (await door.ask("/v1/venues/busy/status")).json;
    await status();
    await door.feed(record, [
      at("a", M, 0),
      at("b", M, 0, { fixTimeMs: Date.now() }),
      at("c", M, 0, { fixTimeMs: Date.now() }),
    ]);
    await expect.poll(async () => (await status()).devices_online, { timeout: 10_000 }).toBe(2);
    expect((await status()).fixes_per_second).toBeGreaterThan(0);
  });

  test("is none of a venue that is not there", async () => {
    expect((await door.ask("/v1/venues/nowhere/status")).status).toBe(404);
  });
});
