import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import type { LiveLimits } from "../src/live/index.ts";
import { eventually } from "./eventually.ts";
import { fixAt, LiveServer } from "./live-server.ts";
import { StoredVenue } from "./stored-venue.ts";

let redisServer: TestRedis;
let server: LiveServer;
let venueCount = 0;

beforeAll(async () => {
  redisServer = await startRedisServer();
});
afterAll(() => redisServer.stop());
afterEach(() => server.stop());

async function start(limits: Partial<LiveLimits> = {}): Promise<StoredVenue> {
  server = await LiveServer.start(redisServer.url, limits);
  return StoredVenue.create(server.redis, `hall ${venueCount++} 100% "東京"/Zürich?`);
}

/** The HTTP answer to a wish to upgrade. */
function answerTo(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on("error", reject);
    socket.on("open", () => reject(new Error("was let in")));
    socket.on("unexpected-response", (_, response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}

describe("who is not let in is told so over HTTP, before the upgrade", () => {
  const at = (path: string) => `ws://127.0.0.1:${server.port}${path}`;

  test("401 without a session", async () => {
    const venue = await start();
    const { status, body } = await answerTo(server.urlOf(venue.record.venueId), { "x-guest": "1" });
    expect(status).toBe(401);
    expect(JSON.parse(body).error.code).toBe("unauthorized");
  });

  test("404 for a venue that is not there, and for any other path", async () => {
    await start();
    const missing = await answerTo(server.urlOf("nowhere"));
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.body).error.message).toContain("venue");
    expect((await answerTo(at("/v1/venues/a/b/live"))).status).toBe(404);
    expect((await answerTo(at("/"))).status).toBe(404);
  });

  test("no venue is told to whom is not signed in", async () => {
    await start();
    expect((await answerTo(server.urlOf("nowhere"), { "x-guest": "1" })).status).toBe(401);
  });

  test("400 for a path that is not percent-encoded UTF-8", async () => {
    await start();
    expect((await answerTo(at("/v1/venues/%E0%A4%A/live"))).status).toBe(400);
  });

  test.each([
    ["proximity=10.1", "between 0 and 10 m"],
    ["proximity=", "proximity"],
    ["proximity=2&certain=perhaps", "true or false"],
  ])("400 for a wish to look by %s", async (query, message) => {
    const venue = await start();
    const { status, body } = await answerTo(`${server.urlOf(venue.record.venueId)}?${query}`);
    expect(status).toBe(400);
    expect(JSON.parse(body).error.message).toContain(message);
  });

  test("503 where it cannot be told, and the server goes on", async () => {
    const venue = await start();
    const url = server.urlOf(venue.record.venueId);
    expect((await answerTo(url, { "x-trouble": "1" })).status).toBe(503);
    const page = server.open(venue.record.venueId);
    await eventually(() => expect(page.hello?.venue_id).toBe(venue.record.venueId));
  });

  test("a connection that ends while it is asked about harms nothing", async () => {
    const venue = await start();
    const path = new URL(server.urlOf(venue.record.venueId)).pathname;
    for (let i = 0; i < 20; i++) {
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`);
        socket.write("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        socket.resetAndDestroy();
      });
      socket.on("error", () => {});
    }
    const page = server.open(venue.record.venueId);
    await eventually(() => expect(page.hello).not.toBeNull());
    await eventually(() => expect(server.sockets.size).toBe(1));
  });
});

describe("a socket is closed", () => {
  test("with 4401 when the session is over, while others stay", async () => {
    const venue = await start({ recheckMs: 50 });
    const page = server.open(venue.record.venueId);
    await eventually(() => expect(page.count("change")).toBeGreaterThan(5));
    expect(page.closed).toBeNull();
    server.isSignedIn = false;
    await eventually(() => expect(page.closed).toEqual({ code: 4401, reason: "signed out" }));
  });

  test("with 4401 when the venue is deleted, and an id that is used again starts empty", async () => {
    const venue = await start();
    await venue.put([fixAt("a", server.nowMs, 0)]);
    const page = server.open(venue.record.venueId);
    await eventually(() => expect(page.devices.size).toBe(1));
    await venue.editor.delete(venue.record);
    await eventually(() => expect(page.closed).toEqual({ code: 4401, reason: "venue deleted" }));
    expect((await answerTo(server.urlOf(venue.record.venueId))).status).toBe(404);
    expect(await server.live.status(venue.record)).toEqual({ devicesOnline: 0, fixesPerSecond: 0 });

    const again = await StoredVenue.create(server.redis, venue.record.venueId);
    const newPage = server.open(again.record.venueId);
    await eventually(() => expect(newPage.count("change")).toBeGreaterThan(2));
    expect(newPage.devices.size).toBe(0);
  });

  test("with 4401 when the venue was deleted and made again between two ticks", async () => {
    const venue = await start();
    const page = server.open(venue.record.venueId);
    await eventually(() => expect(page.count("snapshot")).toBe(1));
    await Promise.all([
      venue.editor.delete(venue.record).then(() => StoredVenue.create(server.redis, venue.record.venueId)),
      eventually(() => expect(page.closed?.code).toBe(4401)),
    ]);
  });

  test("with 1013 where there are too many; when one leaves there is room again", async () => {
    const venue = await start({ viewersMax: 2 });
    const pages = [server.open(venue.record.venueId), server.open(venue.record.venueId)];
    await eventually(() => expect(pages.every((page) => page.hello !== null)).toBe(true));
    const third = server.open(venue.record.venueId);
    await eventually(() => expect(third.closed?.code).toBe(1013));
    pages[0]?.socket.close();
    await eventually(() => expect(server.sockets.size).toBe(1));
    const fourth = server.open(venue.record.venueId);
    await eventually(() => expect(fourth.count("snapshot")).toBe(1));
    expect(pages[1]?.closed).toBeNull();
  });

  test("with 1009 where it talks at length", async () => {
    const venue = await start();
    const page = server.open(venue.record.venueId);
    await eventually(() => expect(page.hello).not.toBeNull());
    page.socket.send("x".repeat(100_000));
    await eventually(() => expect(page.closed?.code).toBe(1009));
  });

  test("with 1008 where it says anything but how it looks, while others stay", async () => {
    const venue = await start();
    const other = server.open(venue.record.venueId);
    const garbage = [
      "hello?",
      "",
      "null",
      "[]",
      "7",
      '"look"',
      "{}",
      '{"type":"hello"}',
      '{"type":"look","proximity":"2"}',
      '{"type":"look","proximity":[2]}',
      '{"type":"look","certain":1}',
      '{"type":"look","certain":null}',
      Buffer.from('{"type":"look"}'),
    ];
    for (const said of garbage) {
      const page = server.open(venue.record.venueId);
      await eventually(() => expect(page.hello).not.toBeNull());
      page.socket.send(said);
      page.socket.send('{"type":"look","proximity":1}');
      await eventually(() => expect(page.closed?.code, String(said)).toBe(1008));
    }
    expect(other.closed).toBeNull();
    const heard = other.count("change");
    await eventually(() => expect(other.count("change")).toBeGreaterThan(heard));
  });

  test("with 1012 when the service stops, also where the other side does not answer", async () => {
    const venue = await start();
    const page = server.open(venue.record.venueId);
    const deaf = server.open(venue.record.venueId);
    await eventually(() => expect([page.hello, deaf.hello]).not.toContain(null));
    deaf.socket.pause();
    await server.live.stop();
    await eventually(() => expect(page.closed?.code).toBe(1012));
    await eventually(() => expect(server.sockets.size).toBe(0));
  });

  test("when its other side gives no sign of life", async () => {
    const venue = await start({ pingMs: 100 });
    const alive = server.open(venue.record.venueId);
    const dead = server.open(venue.record.venueId);
    await eventually(() => expect([alive.hello, dead.hello]).not.toContain(null));
    dead.socket.pause();
    await eventually(() => expect(server.sockets.size).toBe(1));
    const heard = alive.count("change");
    await eventually(() => expect(alive.count("change")).toBeGreaterThan(heard + 10));
    expect(alive.closed).toBeNull();
  });
});
