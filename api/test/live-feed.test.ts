import { distanceM } from "@encounter/core/domain/geodesy";
import { minuteStartMs } from "@encounter/core/domain/minute";
import { beginErasure } from "@encounter/core/service/erasure-store";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { eventually } from "./eventually.ts";
import { fixAt, LiveServer } from "./live-server.ts";
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
  venue = await StoredVenue.create(server.redis, `venue ${venueCount++} / Zürich 東京`);
});
afterEach(() => server.stop());

const open = () => server.open(venue.record.venueId);

/** Devices by name and where they are within a minute that is not the present one's start or end. */
async function putInMinute(minute: number, places: Record<string, number>): Promise<void> {
  const timeMs = minuteStartMs(minute) + 5_000;
  await venue.put(Object.entries(places).map(([deviceId, eastM]) => fixAt(deviceId, timeMs, eastM)));
}

async function putAndEvaluate(minute: number, places: Record<string, number>): Promise<void> {
  await putInMinute(minute, places);
  await venue.evaluate(minute);
}

/** Whether an answer of XREAD holds the notice of an evaluation. */
function hasNotice(answer: unknown): boolean {
  const streams = answer as [Buffer, [Buffer, Buffer[]][]][] | null;
  return streams?.[0]?.[1].some(([, fields]) => fields[0]?.toString() === "m") ?? false;
}

describe("devices", () => {
  test("a page hears the hello, then the whole picture, then what changes; a late one gets all of it", async () => {
    await venue.put([fixAt("old", server.nowMs - 300_000, 0), fixAt("a", server.nowMs - 2_000, 10)]);
    const page = open();
    await eventually(() => expect([...page.devices.keys()].sort()).toEqual(["a", "old"]));
    expect(page.log[0]).toMatchObject({
      type: "hello",
      venue_id: venue.record.venueId,
      proximity: 5,
      min_minutes: 5,
      cap: 10,
      time_zone: "UTC",
      name: venue.record.venueId,
      plan_revision: 0,
    });
    expect(page.log[1]).toEqual({ type: "snapshot" });

    const moved = fixAt("a", server.nowMs, 12.5, -3, 7);
    await venue.put([moved, fixAt("b", server.nowMs, 1)]);
    await eventually(() => expect(page.devices.has("b")).toBe(true));
    expect(page.count("snapshot")).toBe(1);

    const late = open();
    await eventually(() => expect(late.devices.size).toBe(3));
    for (const shown of [page.devices.get("a"), late.devices.get("a")]) {
      expect(shown).toMatchObject({ floor: 7, accuracyM: 1 });
      expect(Math.abs((shown?.fixTimeMs ?? 0) - moved.fixTimeMs)).toBeLessThanOrEqual(50);
      const offM = distanceM(shown?.longitude ?? 0, shown?.latitude ?? 0, moved.longitude, moved.latitude);
      expect(offM).toBeLessThan(0.01);
    }
    expect(late.devices).toEqual(page.devices);
  });

  test("an erased device leaves the picture of all who watch, and its lines with it", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 1, erased: 2 });
    const page = open();
    await eventually(() => expect([page.devices.size, page.lines.size]).toEqual([3, 3]));
    await beginErasure(server.redis, venue.record, "erased", server.nowMs);
    await eventually(() => expect([...page.devices.keys()].sort()).toEqual(["a", "b"]));
    await eventually(() => expect(page.lines.size).toBe(1));
    await venue.put([fixAt("a", server.nowMs, 5)]);
    await eventually(() => expect(page.devices.get("a")?.fixTimeMs).toBeGreaterThan(server.nowMs - 100));
    expect([...page.devices.keys()].sort()).toEqual(["a", "b"]);
  });

  test("repeated fixes move a device if they are newer, also those of one batch", async () => {
    const start = minuteStartMs(server.minute);
    expect(await venue.put([fixAt("a", start + 1_000, 0), fixAt("a", start + 3_000, 30), fixAt("b", start, 0)])).toBe(
      "11",
    );
    const page = open();
    const eastOf = (deviceId: string) => {
      const shown = page.devices.get(deviceId);
      const zero = fixAt(deviceId, 0, 0);
      return Math.round(distanceM(shown?.longitude ?? 0, shown?.latitude ?? 0, zero.longitude, zero.latitude));
    };
    await eventually(() => expect(eastOf("a")).toBe(30));
    expect(await venue.put([fixAt("a", start + 5_000, 50), fixAt("b", start - 200, 9)])).toBe("01");
    await eventually(() => expect(eastOf("a")).toBe(50));
    expect(await venue.put([fixAt("a", start + 4_000, 40), fixAt("c", start, 0)])).toBe("01");
    await eventually(() => expect(page.devices.has("c")).toBe(true));
    expect([eastOf("a"), eastOf("b")]).toEqual([50, 0]);
  });

  test("a device leaves ten minutes after its last fix, and comes back", async () => {
    await venue.put([fixAt("stays", server.nowMs + 120_000, 0), fixAt("leaves", server.nowMs - 1_000, 10)]);
    const before = open();
    await eventually(() => expect(before.devices.size).toBe(2));
    server.pass(10);
    await eventually(async () => {
      const late = open();
      await eventually(() => expect(late.count("snapshot")).toBe(1));
      expect([...late.devices.keys()]).toEqual(["stays"]);
    });
    await venue.put([fixAt("leaves", server.nowMs, 20)]);
    await eventually(() =>
      expect(Math.round((before.devices.get("leaves")?.fixTimeMs ?? 0) / 1_000)).toBe(server.nowMs / 1_000),
    );
    const last = open();
    await eventually(() => expect(last.devices.size).toBe(2));
  });

  test("when many have left, the picture is made anew and everybody gets it", async () => {
    const crowd = Array.from({ length: 1_500 }, (_, i) => fixAt(`guest ${i}`, server.nowMs, i));
    await venue.put([...crowd, fixAt("host", server.nowMs, 0)]);
    const page = open();
    await eventually(() => expect(page.devices.size).toBe(1_501));
    server.pass(10.5);
    await venue.put([fixAt("host", server.nowMs, 5)]);
    await eventually(() => expect([...page.devices.keys()]).toEqual(["host"]));
    expect(page.count("snapshot")).toBe(2);
    await venue.put([fixAt("guest 7", server.nowMs, 5)]);
    await eventually(() => expect(page.devices.size).toBe(2));
  });

  test("an accepted fix that left the stream unseen is found missing, and read", async () => {
    await venue.put([fixAt("a", server.nowMs, 0)]);
    const page = open();
    await eventually(() => expect(page.devices.size).toBe(1));
    const { stream } = venue.record.keys;
    // Both in one step: no tick comes in between.
    const hidden = venue.put([fixAt("b", server.nowMs, 5)]);
    const trimmed = server.redis.del(stream);
    const seen = venue.put([fixAt("c", server.nowMs, 9)]);
    await Promise.all([hidden, trimmed, seen]);
    await eventually(() => expect([...page.devices.keys()].sort()).toEqual(["a", "b", "c"]));
    expect(page.count("snapshot")).toBe(2);
  });

  test("venues do not see each other", async () => {
    const other = await StoredVenue.create(server.redis, `${venue.record.venueId}!`);
    await venue.put([fixAt("mine", server.nowMs, 0)]);
    await other.put([fixAt("theirs", server.nowMs, 0)]);
    const page = open();
    const otherPage = server.open(other.record.venueId);
    await eventually(() => expect(otherPage.devices.size).toBe(1));
    await eventually(() => expect(page.devices.size).toBe(1));
    await other.put([fixAt("theirs too", server.nowMs, 0)]);
    await eventually(() => expect(otherPage.devices.size).toBe(2));
    const ticks = page.log.length;
    await eventually(() => expect(page.log.length).toBeGreaterThan(ticks + 3));
    expect([...page.devices.keys()]).toEqual(["mine"]);
  });
});

describe("lines", () => {
  test("have the length of the run so far and the nearness of the newest minute, whoever came when", async () => {
    const now = server.minute;
    for (let minute = now - 6; minute < now; minute++) {
      await putAndEvaluate(minute, { a: 0, b: 6, far: 50, ...(minute > now - 3 ? { guest: 3 } : {}) });
    }
    const page = open();
    await eventually(() => expect(page.lines.size).toBe(3));
    expect(page.lines.get("a-b")).toEqual({ minutes: 6, gapDm: 40, reachDm: 80 });
    expect(page.lines.get("a-guest")?.minutes).toBe(2);
    expect(page.minute).toBe(now - 1);

    await putAndEvaluate(now, { a: 0, b: 5, far: 50 });
    await eventually(() => expect(page.lines.get("a-b")).toEqual({ minutes: 7, gapDm: 30, reachDm: 70 }));
    expect(page.minute).toBe(now);
    const late = open();
    await eventually(() => expect(late.lines).toEqual(page.lines));
    expect(late.lines.get("b-guest")?.minutes).toBe(2);
  });

  test("a run that misses a minute begins again", async () => {
    const now = server.minute;
    for (const minute of [now - 5, now - 4, now - 3, now - 1]) await putAndEvaluate(minute, { a: 0, b: 3 });
    const page = open();
    await eventually(() => expect(page.lines.get("a-b")?.minutes).toBe(1));
  });

  test("only pairs within the default proximity are lines, though more are stored; the limit itself is within", async () => {
    await putAndEvaluate(server.minute, { a: 0, edge: 7, beyond: 7.2, other: 40, otherNear: 46.9 });
    const page = open();
    await eventually(() => expect(page.lines.size).toBeGreaterThan(0));
    expect([...page.lines.keys()].sort()).toEqual(["a-edge", "beyond-edge", "other-otherNear"]);
  });

  test("a line stays over the turn of the minute, until both devices are evaluated in the new one", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 3, c: 6, d: 500, e: 503 });
    const page = open();
    await eventually(() => expect(page.lines.size).toBe(4));
    server.pass(1);
    // One of them moves away; its partners did not report yet.
    await putAndEvaluate(server.minute, { a: 100, d: 500 });
    await eventually(() => expect(page.minute).toBe(server.minute));
    expect([...page.lines.keys()].sort()).toEqual(["a-b", "a-c", "b-c", "d-e"]);
    await putAndEvaluate(server.minute, { b: 3 });
    await eventually(() => expect([...page.lines.keys()].sort()).toEqual(["a-c", "b-c", "d-e"]));
    // A fix that is only accepted changes nothing yet.
    await putInMinute(server.minute, { c: 6, e: 503 });
    await eventually(() => expect(page.count("change")).toBeGreaterThan(3));
    expect([...page.lines.keys()].sort()).toEqual(["a-c", "b-c", "d-e"]);
    await venue.evaluate(server.minute);
    await eventually(() => expect([...page.lines.keys()].sort()).toEqual(["b-c", "d-e"]));
    expect(page.lines.get("b-c")?.minutes).toBe(2);
  });

  test("the line of devices that stopped reporting goes, though they are still shown", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 3, c: 100 });
    const page = open();
    await eventually(() => expect(page.lines.size).toBe(1));
    server.pass(1);
    await putAndEvaluate(server.minute, { c: 100 });
    await eventually(() => expect(page.minute).toBe(server.minute));
    expect(page.lines.size).toBe(1);
    server.pass(1);
    await putAndEvaluate(server.minute, { c: 100 });
    await eventually(() => expect(page.lines.size).toBe(0));
    expect(page.devices.size).toBe(3);
  });

  test("and goes by time alone where nothing is evaluated any more", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 3 });
    const page = open();
    await eventually(() => expect(page.lines.size).toBe(1));
    server.pass(3);
    await eventually(() => expect(page.lines.size).toBe(0));
    expect(page.devices.size).toBe(2);
  });

  test("a late evaluation joins two runs, and lengthens one from before it was watched", async () => {
    const now = server.minute;
    for (const minute of [now - 9, now - 8, now - 7, now - 5, now - 4, now - 3, now - 2, now - 1, now]) {
      await putAndEvaluate(minute, { a: 0, b: 3 });
    }
    const page = open();
    await eventually(() => expect(page.lines.get("a-b")?.minutes).toBe(6));
    await putAndEvaluate(now - 6, { a: 0, b: 3 });
    await eventually(() => expect(page.lines.get("a-b")?.minutes).toBe(10));
    const late = open();
    await eventually(() => expect(late.lines.get("a-b")?.minutes).toBe(10));
  });

  test("devices ahead of the clock have lines, and do not take others' away", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 3, fast: 100, faster: 103 });
    const page = open();
    await eventually(() => expect(page.lines.size).toBe(2));
    await putAndEvaluate(server.minute + 1, { fast: 100, faster: 104 });
    await putAndEvaluate(server.minute + 2, { fast: 100, faster: 105 });
    await eventually(() => expect(page.lines.get("fast-faster")).toEqual({ minutes: 3, gapDm: 30, reachDm: 70 }));
    expect(page.lines.get("a-b")?.minutes).toBe(1);
  });

  test("devices that come after the page was opened have lines", async () => {
    const page = open();
    await eventually(() => expect(page.count("snapshot")).toBe(1));
    expect(page.hello?.unplaced).toBe(true);
    await putAndEvaluate(server.minute, { new: 0, newer: 4 });
    await eventually(() => expect([...page.lines.keys()]).toEqual(["new-newer"]));
    await putAndEvaluate(server.minute, { newest: 2 });
    await eventually(() => expect(page.lines.size).toBe(3));
  });

  test("what happens between the reads of one poll is not missed", async () => {
    await putAndEvaluate(server.minute - 1, { a: 0, b: 3, c: 100, d: 103 });
    const page = open();
    await eventually(() => expect(page.lines.size).toBe(2));
    // A notice is read; before its minute is, more comes to that minute and is evaluated: b left, c and e came near.
    const { redis } = server;
    const read = redis.xreadBuffer.bind(redis) as (...args: unknown[]) => Promise<unknown>;
    const meddled = vi.fn(() => putAndEvaluate(server.minute, { b: 50, e: 2 }));
    vi.spyOn(redis, "xreadBuffer").mockImplementation((async (...args: unknown[]) => {
      const answer = await read(...args);
      if (meddled.mock.calls.length === 0 && hasNotice(answer)) await meddled();
      return answer;
    }) as never);
    await putAndEvaluate(server.minute, { a: 0 });
    await eventually(() => expect(meddled).toHaveBeenCalled());
    await eventually(() => expect([...page.lines.keys()].sort()).toEqual(["a-e", "c-d"]));
  });

  test("floors are apart", async () => {
    const timeMs = minuteStartMs(server.minute);
    await venue.put([fixAt("a", timeMs, 0, 0, 1), fixAt("b", timeMs, 1, 0, 2), fixAt("c", timeMs, 1, 0, 1)]);
    await venue.evaluate(server.minute);
    const page = open();
    await eventually(() => expect([...page.lines.keys()]).toEqual(["a-c"]));
  });
});

describe("settings and plan", () => {
  test("a change is told with another hello, and lines follow it", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 6, c: 15 });
    const page = open();
    await eventually(() => expect([...page.lines.keys()]).toEqual(["a-b"]));
    await venue.change({ proximity: 7.5, name: "The hall", min_minutes: 3 });
    await eventually(() => expect(page.hello).toMatchObject({ proximity: 7.5, name: "The hall", min_minutes: 3 }));
    await eventually(() => expect([...page.lines.keys()].sort()).toEqual(["a-b", "b-c"]));
    await venue.change({ proximity: 3 });
    await eventually(() => expect(page.hello?.proximity).toBe(3));
    await eventually(() => expect(page.devices.size).toBe(3));
    expect(page.lines.size).toBe(0);
    expect(page.count("hello")).toBe(3);
  });

  const plan = (west: number) =>
    JSON.stringify({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { kind: "wall", floor: 0 },
          geometry: {
            type: "LineString",
            coordinates: [
              [west, 48],
              [west + 0.002, 48.001],
            ],
          },
        },
      ],
    });

  test("the plan's centre is the anchor, also of another plan; devices stay where they are", async () => {
    await venue.editor.storePlan(venue.record, plan(11));
    await venue.put([fixAt("a", server.nowMs, 0)]);
    const page = open();
    await eventually(() => expect(page.devices.size).toBe(1));
    expect(page.hello?.anchor.longitude).toBeCloseTo(11.001, 9);
    expect(page.hello?.anchor.latitude).toBeCloseTo(48.0005, 9);
    expect(page.hello?.plan_revision).toBe(1);
    const before = page.devices.get("a");
    await venue.editor.storePlan(venue.record, plan(12));
    await eventually(() => expect(page.hello?.plan_revision).toBe(2));
    expect(page.hello?.anchor.longitude).toBeCloseTo(12.001, 9);
    await eventually(() => expect(page.devices.size).toBe(1));
    const after = page.devices.get("a");
    const { longitude = 0, latitude = 0 } = before ?? {};
    expect(distanceM(longitude, latitude, after?.longitude ?? 0, after?.latitude ?? 0)).toBeLessThan(0.01);
  });

  test("a venue with neither plan nor devices gets its anchor from whichever comes first", async () => {
    const page = open();
    await eventually(() => expect(page.hello).toMatchObject({ unplaced: true, anchor: { longitude: 0, latitude: 0 } }));
    await venue.editor.storePlan(venue.record, plan(11));
    await eventually(() => expect(page.hello?.anchor.longitude).toBeCloseTo(11.001, 9));
    expect(page.hello?.unplaced).toBeUndefined();

    const other = await StoredVenue.create(server.redis, `${venue.record.venueId}?`);
    const otherPage = server.open(other.record.venueId);
    await eventually(() => expect(otherPage.hello?.unplaced).toBe(true));
    const first = fixAt("a", server.nowMs, 0);
    await other.put([first]);
    await eventually(() =>
      expect(otherPage.hello?.anchor).toEqual({ longitude: first.longitude, latitude: first.latitude }),
    );
    await eventually(() => expect(otherPage.devices.size).toBe(1));
  });
});

describe("status", () => {
  const status = () => server.live.status(venue.record);

  test("of a venue without fixes is zeros", async () => {
    expect(await status()).toEqual({ devicesOnline: 0, fixesPerSecond: 0 });
  });

  test("counts devices by the time of their newest fix, also ahead of the clock", async () => {
    await venue.put([
      fixAt("now", server.nowMs, 0),
      fixAt("ahead", server.nowMs + 100_000, 0),
      fixAt("just", server.nowMs - 59_000, 0),
      fixAt("away", server.nowMs - 61_000, 0),
    ]);
    expect((await status()).devicesOnline).toBe(3);
    server.pass(1);
    expect((await status()).devicesOnline).toBe(1);
  });

  test("counts accepted and repeated fixes of the last ten seconds, with or without viewers", async () => {
    const batch = Array.from({ length: 40 }, (_, i) => fixAt(`d${i}`, server.nowMs, i));
    await venue.put(batch);
    expect((await status()).fixesPerSecond).toBe(4);
    open();
    await venue.put(batch);
    await venue.put([...batch, ...batch]);
    await eventually(async () => expect((await status()).fixesPerSecond).toBe(16));
    await eventually(async () => expect((await status()).fixesPerSecond).toBe(0));
  });

  test("counts right where the stream was trimmed, and where it expired", async () => {
    const batch = Array.from({ length: 50 }, (_, i) => fixAt(`d${i}`, server.nowMs, i));
    await venue.put(batch);
    await venue.put(batch);
    await server.redis.xtrim(venue.record.keys.stream, "MAXLEN", 1);
    expect((await status()).fixesPerSecond).toBe(5);
    await server.redis.del(venue.record.keys.stream);
    const other = await LiveServer.start(redisServer.url);
    try {
      expect(await other.live.status(venue.record)).toEqual({ devicesOnline: 50, fixesPerSecond: 0 });
    } finally {
      await other.stop();
    }
  });
});
