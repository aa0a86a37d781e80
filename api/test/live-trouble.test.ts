import { minuteStartMs } from "@encounter/core/domain/minute";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { CutLine } from "./cut-line.ts";
import { eventually } from "./eventually.ts";
import { fixAt, LiveServer } from "./live-server.ts";
import type { MapPage } from "./map-page.ts";
import { StoredVenue } from "./stored-venue.ts";

let redisServer: TestRedis;
let server: LiveServer;
let venue: StoredVenue;

beforeEach(async () => {
  redisServer = await startRedisServer();
  server = await LiveServer.start(redisServer.url);
  venue = await StoredVenue.create(server.redis, "arena");
});
afterEach(async () => {
  await server.stop();
  await redisServer.stop();
});

describe("a viewer that is slow", () => {
  const DEVICES = 4_000;
  /** Long names make a snapshot that few of fill what the system keeps of a connection. */
  const nameOf = (index: number) => `${index} ${"x".repeat(120)}`;

  /** Puts everybody somewhere else; the floor tells the round. */
  async function moveEverybody(round: number): Promise<void> {
    const timeMs = server.nowMs + round * 100;
    const halves = [0, DEVICES / 2].map((first) =>
      Array.from({ length: DEVICES / 2 }, (_, i) => fixAt(nameOf(first + i), timeMs, i, 0, round)),
    );
    await Promise.all(halves.map((fixes) => venue.put(fixes)));
  }

  const isAt = (page: MapPage, round: number) =>
    page.devices.size === DEVICES && [...page.devices.values()].every(({ floor }) => floor === round);
  const untilAt = (page: MapPage, round: number) => eventually(() => expect(isAt(page, round)).toBe(true));
  const keptBytes = () => Math.max(...[...server.sockets].map(({ writableLength }) => writableLength));

  /** Has everything told again, to every page, until a page takes no more. */
  async function fillConnection(witness: MapPage): Promise<void> {
    for (let change = 1; keptBytes() === 0; change++) {
      await venue.change({ name: `arena ${change}` });
      await eventually(() => expect(witness.hello?.name).toBe(`arena ${change}`));
      await untilAt(witness, 0);
    }
  }

  test("gets the latest state when it can, and until then nothing is kept for it", async () => {
    await moveEverybody(0);
    const slow = server.open("arena");
    const quick = server.open("arena");
    await untilAt(slow, 0);
    await untilAt(quick, 0);
    const snapshotBytes = slow.bytes;
    slow.socket.pause();
    const heard = slow.log.length;
    await fillConnection(quick);
    const filledBytes = keptBytes();
    const snapshotsOfQuick = quick.count("snapshot");
    const ROUNDS = 12;
    for (let round = 1; round <= ROUNDS; round++) {
      await moveEverybody(round);
      await untilAt(quick, round);
      // Pings are all that comes on top.
      expect(keptBytes()).toBeLessThan(filledBytes + 100);
    }
    expect(filledBytes).toBeLessThan(1.1 * snapshotBytes);
    expect(slow.log.length).toBe(heard);
    expect(quick.count("snapshot")).toBe(snapshotsOfQuick);

    slow.socket.resume();
    await untilAt(slow, ROUNDS);
    // What had been sent before it stopped reading, then the latest state, and from then on it follows again.
    const snapshots = slow.count("snapshot");
    expect(snapshots).toBeLessThanOrEqual(snapshotsOfQuick + 1);
    await moveEverybody(ROUNDS + 1);
    await untilAt(slow, ROUNDS + 1);
    expect(slow.count("snapshot")).toBe(snapshots);
  }, 120_000);
});

describe("while Redis is away", () => {
  async function putAndEvaluate(minute: number, places: Record<string, number>): Promise<void> {
    const timeMs = minuteStartMs(minute) + 5_000;
    await venue.put(Object.entries(places).map(([deviceId, eastM]) => fixAt(deviceId, timeMs, eastM)));
    await venue.evaluate(minute);
  }

  /** Another connection, which does not hear of the feed's. */
  const reconnected = () => eventually(() => expect(server.redis.status).toBe("ready"));

  test("sockets stay open, the trouble is told once, and then everything anew: no wrong line is left", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 3, c: 6 });
    const page = server.open("arena");
    await eventually(() => expect(page.lines.size).toBe(3));
    const heard = page.log.length;

    await redisServer.kill();
    await eventually(() => expect(page.count("trouble")).toBe(1));
    expect(page.log.findLast(({ type }) => type === "trouble")).toEqual({ type: "trouble", since: server.nowMs });
    await expect(server.live.status(venue.record)).rejects.toThrow();
    const late = server.open("arena");
    await eventually(() => expect(late.closed).not.toBeNull());

    await redisServer.restart();
    await reconnected();
    // What happens before the feed reads again: b moves away, d comes.
    server.pass(1);
    await putAndEvaluate(server.minute, { a: 0, b: 100, c: 6, d: 2 });
    await eventually(() => expect(page.count("recovered")).toBe(1));
    await eventually(() => expect([...page.lines.keys()].sort()).toEqual(["a-c", "a-d", "c-d"]));
    expect(page.lines.get("a-c")?.minutes).toBe(2);
    expect(page.devices.size).toBe(4);
    const after = page.log.slice(heard).map(({ type }) => type);
    expect(after.filter((type) => type !== "change")).toEqual(["trouble", "recovered", "snapshot"]);
    expect(page.closed).toBeNull();
    expect((await server.live.status(venue.record)).devicesOnline).toBe(4);
  });

  test("a store that went back in time meanwhile is shown as it is", async () => {
    const line = await CutLine.to(redisServer.port);
    const behind = await LiveServer.start(`redis://127.0.0.1:${line.port}`);
    try {
      const { minute } = behind;
      await putAndEvaluate(minute, { a: 0, b: 3 });
      const page = behind.open("arena");
      await eventually(() => expect([...page.lines.keys()]).toEqual(["a-b"]));
      line.cut();
      await eventually(() => expect(page.count("trouble")).toBe(1));
      const { keys } = venue.record;
      await server.redis.del(keys.stream, keys.fixes(minute), keys.minute(minute), keys.pairs(minute), keys.state);
      await putAndEvaluate(minute, { b: 0, c: 3 });
      line.mend();
      await eventually(() => expect([...page.lines.keys()]).toEqual(["b-c"]));
      expect([...page.devices.keys()].sort()).toEqual(["b", "c"]);
      expect(page.closed).toBeNull();
    } finally {
      await behind.stop();
      await line.stop();
    }
  });

  test("a Redis that hangs is trouble too, before its commands time out", async () => {
    await putAndEvaluate(server.minute, { a: 0, b: 3 });
    const page = server.open("arena");
    await eventually(() => expect(page.lines.size).toBe(1));
    const pausedMs = performance.now();
    redisServer.pause();
    try {
      await eventually(() => expect(page.count("trouble")).toBe(1));
      expect(performance.now() - pausedMs).toBeLessThan(4_800);
    } finally {
      redisServer.resume();
    }
    await eventually(() => expect(page.count("recovered")).toBe(1));
    await putAndEvaluate(server.minute, { c: 1 });
    await eventually(() => expect(page.lines.size).toBe(3));
    expect(page.closed).toBeNull();
    expect(page.count("trouble")).toBe(1);
  });

  test("outages one after another are told in order", async () => {
    await venue.put([fixAt("a", server.nowMs, 0)]);
    const page = server.open("arena");
    await eventually(() => expect(page.devices.size).toBe(1));
    for (let outage = 1; outage <= 2; outage++) {
      await redisServer.kill();
      await eventually(() => expect(page.count("trouble")).toBe(outage));
      await redisServer.restart();
      await eventually(() => expect(page.count("recovered")).toBe(outage));
    }
    const told = page.log.map(({ type }) => type).filter((type) => type !== "change");
    expect(told).toEqual([
      ...["hello", "snapshot"],
      ...["trouble", "recovered", "snapshot"],
      ...["trouble", "recovered", "snapshot"],
    ]);
  });
});
