import { minuteStartMs } from "@encounter/core/domain/minute";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { eventually } from "./eventually.ts";
import { fixAt, LiveServer } from "./live-server.ts";
import type { MapPage } from "./map-page.ts";
import { StoredVenue } from "./stored-venue.ts";

let redisServer: TestRedis;
let server: LiveServer;
let venue: StoredVenue;
let venueCount = 0;

beforeAll(async () => {
  redisServer = await startRedisServer();
});
afterAll(() => redisServer.stop());
beforeEach(async () => {
  server = await LiveServer.start(redisServer.url);
  venue = await StoredVenue.create(server.redis, `studio ${venueCount++}`);
});
afterEach(() => server.stop());

const open = (query = "") => server.open(venue.record.venueId, {}, query);

/** Devices and how far east they are; each is known to a metre, so gap is distance - 2 and reach distance + 2. */
async function evaluate(minute: number, places: Record<string, number>): Promise<void> {
  const timeMs = minuteStartMs(minute) + 5_000;
  await venue.put(Object.entries(places).map(([deviceId, eastM]) => fixAt(deviceId, timeMs, eastM)));
  await venue.evaluate(minute);
}

/** Seven minutes, in the last three of which two of them stand nearer; the third is 9 m off. */
async function history(): Promise<void> {
  for (let back = 6; back >= 0; back--) {
    await evaluate(server.minute - back, { a: 0, b: back > 2 ? 6 : 3, c: back > 2 ? 15 : 12 });
  }
}

const minutesOf = (page: MapPage) => Object.fromEntries([...page.lines].map(([pair, { minutes }]) => [pair, minutes]));
const shows = (page: MapPage, lines: Record<string, number>) =>
  eventually(() => expect(minutesOf(page)).toEqual(lines));
const PLAIN = { "a-b": 7 };

describe("a viewer that looks by another measure", () => {
  test("gets its lines, with the runs that they make, and nothing beyond; others see what they saw", async () => {
    await history();
    const other = open();
    const page = open();
    await shows(page, PLAIN);
    expect(page.measure).toEqual({ proximityDm: 50, certain: false });

    page.look({ proximity: 2 });
    await shows(page, { "a-b": 3 });
    expect(page.lines.get("a-b")).toEqual({ minutes: 3, gapDm: 10, reachDm: 50 });
    expect(page.measure).toEqual({ proximityDm: 20, certain: false });

    page.look({ proximity: 10 });
    await shows(page, { "a-b": 7, "b-c": 7, "a-c": 3 });
    page.look({ proximity: 5, certain: true });
    await shows(page, { "a-b": 3 });
    expect(page.measure).toEqual({ proximityDm: 50, certain: true });
    page.look({ proximity: 0.9, certain: false });
    await shows(page, {});
    page.look({});
    await shows(page, PLAIN);

    expect(page.count("snapshot")).toBe(1);
    expect(other.count("snapshot")).toBe(1);
    expect(minutesOf(other)).toEqual(PLAIN);
    expect(other.measure).toEqual({ proximityDm: 50, certain: false });
    expect(page.refusals).toEqual([]);
  });

  test("is answered within a second at the pace of every day", async () => {
    await history();
    await server.stop();
    server = await LiveServer.start(redisServer.url, { tickMs: 500 });
    const page = open();
    await shows(page, PLAIN);
    for (const [proximity, lines] of [
      [2, { "a-b": 3 }],
      [10, { "a-b": 7, "b-c": 7, "a-c": 3 }],
      [0, {}],
    ] as const) {
      const askedMs = performance.now();
      page.look({ proximity });
      await shows(page, lines);
      expect(performance.now() - askedMs).toBeLessThan(1_000);
    }
  });

  test("may say so in the URL, and then is shown nothing else first", async () => {
    await history();
    open();
    const page = open("?proximity=2&certain=false");
    await shows(page, { "a-b": 3 });
    expect(page.measure).toEqual({ proximityDm: 20, certain: false });
    expect(page.count("snapshot")).toBe(1);
    const certain = open("?certain=true");
    await shows(certain, { "a-b": 3 });
    expect(certain.measure).toEqual({ proximityDm: 50, certain: true });
  });

  test("sees what happens from then on by that measure, whoever looks likewise", async () => {
    await history();
    const pages = [open("?proximity=2"), open(), open("?proximity=2")];
    await shows(pages[0] as MapPage, { "a-b": 3 });
    await shows(pages[2] as MapPage, { "a-b": 3 });
    server.pass(1);
    await evaluate(server.minute, { a: 0, b: 3.5, c: 7 });
    await shows(pages[0] as MapPage, { "a-b": 4, "b-c": 1 });
    await shows(pages[2] as MapPage, { "a-b": 4, "b-c": 1 });
    await shows(pages[1] as MapPage, { "a-b": 8, "b-c": 1, "a-c": 1 });
    // A late fix joins two runs by one measure alone.
    await evaluate(server.minute - 8, { a: 0, b: 3 });
    await shows(pages[1] as MapPage, { "a-b": 9, "b-c": 1, "a-c": 1 });
    expect(minutesOf(pages[0] as MapPage)).toEqual({ "a-b": 4, "b-c": 1 });
  });

  test("keeps its measure when the default changes, and when everything is told anew", async () => {
    await history();
    const page = open("?proximity=2");
    const plain = open();
    await shows(page, { "a-b": 3 });
    await venue.change({ proximity: 10 });
    await shows(plain, { "a-b": 7, "b-c": 7, "a-c": 3 });
    await eventually(() => expect(page.hello?.proximity).toBe(10));
    await shows(page, { "a-b": 3 });
    expect([page.measure?.proximityDm, plain.measure?.proximityDm]).toEqual([20, 100]);

    // Both in one step: a batch is missing from the stream.
    const snapshots = page.count("snapshot");
    const hidden = venue.put([fixAt("d", server.nowMs, 100)]);
    const trimmed = server.redis.del(venue.record.keys.stream);
    await Promise.all([hidden, trimmed, venue.put([fixAt("e", server.nowMs, 200)])]);
    await eventually(() => expect(page.count("snapshot")).toBe(snapshots + 1));
    await eventually(() => expect(page.devices.size).toBe(5));
    await shows(page, { "a-b": 3 });
    expect(page.measure).toEqual({ proximityDm: 20, certain: false });
  });

  test("is told what is allowed where it asks for what is not, and sees what it saw", async () => {
    await history();
    const page = open("?proximity=2");
    await shows(page, { "a-b": 3 });
    page.look({ proximity: 10.1 });
    await eventually(() => expect(page.refusals).toEqual([expect.stringContaining("between 0 and 10 m")]));
    page.look({ proximity: -1 });
    page.look({ proximity: 2.55 });
    await eventually(() => expect(page.refusals.at(-1)).toContain("steps of 0.1"));
    expect(page.measure).toEqual({ proximityDm: 20, certain: false });
    page.look({ proximity: null, certain: false });
    await shows(page, PLAIN);
    expect(page.closed).toBeNull();
  });

  test("who would be one measure too many is told so, until somebody leaves or looks otherwise", async () => {
    await history();
    const first = open();
    const pages = Array.from({ length: 7 }, (_, i) => open(`?proximity=${(i + 1) / 10}`));
    for (const [i, page] of pages.entries()) {
      await eventually(() => expect(page.measure).toEqual({ proximityDm: i + 1, certain: false }));
    }
    const late = open("?proximity=2");
    await eventually(() => expect(late.refusals).toEqual([expect.stringContaining("8 ways already")]));
    expect(late.log[0]?.type).toBe("hello");
    await shows(late, PLAIN);
    late.look({ proximity: 0.3 });
    await eventually(() => expect(late.measure?.proximityDm).toBe(3));
    first.look({ proximity: 2 });
    await eventually(() => expect(first.refusals).toHaveLength(1));

    pages[0]?.look({ proximity: 0.2 });
    await eventually(() => expect(pages[0]?.measure?.proximityDm).toBe(2));
    first.look({ proximity: 2 });
    await shows(first, { "a-b": 3 });
    pages[6]?.socket.close();
    await eventually(() => {
      late.look({ proximity: 2, certain: true });
      expect(late.measure).toEqual({ proximityDm: 20, certain: true });
    });
    expect(first.measure?.proximityDm).toBe(20);
  });

  test("and changes its mind a thousand times harms nobody, and ends where it meant to", async () => {
    await history();
    const other = open();
    const page = open();
    await shows(page, PLAIN);
    for (let i = 0; i < 1_000; i++) page.look({ proximity: (i % 100) / 10, certain: i % 3 === 0 });
    page.look({ proximity: 2 });
    await shows(page, { "a-b": 3 });
    expect(page.refusals).toEqual([]);
    await evaluate(server.minute, { d: 1 });
    await shows(other, { "a-b": 7, "a-d": 1, "b-d": 1 });
    expect(page.closed).toBeNull();
  });
});
