import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { clientFrame, RawConnection, upgradeRequest } from "../../core/test/raw-connection.ts";
import { DeviceClient } from "./device-client.ts";
import { type DoorUnderTest, OPERATOR_TOKEN, startDoor } from "./door-under-test.ts";

// The limits of the devices' door, each reached: docs/LIMITS.md names these tests.

const POST = "POST /v1/positions HTTP/1.1\r\nHost: door\r\n";

function fix(venueId: string, deviceId: string) {
  const position = { latitude: 45, longitude: 120, floor: 4, accuracy: 2 };
  return { device_id: deviceId, venue_id: venueId, timestamp: Date.now(), position };
}

/** A door with these limits for the tests of one group. */
function doorWith(...args: Parameters<typeof startDoor>): () => DoorUnderTest {
  let under: DoorUnderTest;
  beforeAll(async () => {
    under = await startDoor(...args);
  });
  afterAll(() => under.stop());
  return () => under;
}

async function openRaw(under: DoorUnderTest, token: string): Promise<RawConnection> {
  const raw = await RawConnection.open(under.url);
  raw.send(upgradeRequest("/v1/positions", { Authorization: `Bearer ${token}` }));
  await raw.until(/\r\n\r\n/);
  expect(raw.said).toMatch(/^HTTP\/1.1 101 /);
  return raw;
}

/** The close code that the door's last frame holds. */
function closeCodeOf(said: string): number {
  const bytes = Buffer.from(said, "latin1");
  return bytes.readUInt16BE(bytes.lastIndexOf(0x88) + 2);
}

async function metric(under: DoorUnderTest, name: string): Promise<number> {
  const answer = await fetch(`${under.url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  const line = (await answer.text()).split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

describe("connections", () => {
  const limits = { connectionsPerAddressMax: 3, connectionsMax: 8, joinsPerAddressPerSecond: 2, joinsBurstSeconds: 2 };
  const door = doorWith(limits, Date.now, { TRUSTED_PROXIES: "127.0.0.1" });
  const opened: RawConnection[] = [];
  const open = async (from: string) => {
    const raw = await RawConnection.open(door().url, from);
    opened.push(raw);
    return raw;
  };
  const answers = async (raw: RawConnection) => {
    raw.send("GET /health/live HTTP/1.1\r\nHost: door\r\n\r\n");
    return (await Promise.race([raw.until(/live/), raw.ended])).startsWith("HTTP/1.1 200");
  };

  test("handshakes and activations of one address beyond its rate are answered 429", async () => {
    const statuses: string[] = [];
    for (let i = 0; i < 6; i++) {
      const raw = await RawConnection.open(door().url, "127.0.0.9");
      const body = '{"code":"none","device_id":"a"}';
      const head = `Host: door\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
      const isHandshake = i % 2 === 0;
      raw.send(
        isHandshake
          ? upgradeRequest("/v1/positions", { Authorization: "Bearer none" })
          : `POST /v1/activate HTTP/1.1\r\n${head}${body}`,
      );
      statuses.push((await raw.ended).slice(9, 12));
    }
    expect(statuses).toEqual(["401", "403", "401", "403", "429", "429"]);
    const mappedin = await RawConnection.open(door().url, "127.0.0.9");
    mappedin.send("GET /device/a/token HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n");
    expect((await mappedin.ended).slice(9, 12)).toBe("429");
  });

  test("one address has so many and no more, however others fare", async () => {
    for (let i = 0; i < 3; i++) expect(await answers(await open("127.0.0.2"))).toBe(true);
    expect(await (await open("127.0.0.2")).ended).toBe("");
    expect(await answers(await open("127.0.0.3"))).toBe(true);
    opened[0]?.cut();
    await vi.waitFor(async () => expect(await answers(await open("127.0.0.2"))).toBe(true));
    for (const raw of opened.splice(0)) raw.cut();
  });

  test("sockets that a proxy brings count for the address that it names", async () => {
    const { key } = await door().newVenue("proxied");
    const headers = { authorization: `Bearer ${key}`, "x-forwarded-for": "198.51.100.1, 203.0.113.5" };
    const url = `${door().url.replace("http", "ws")}/v1/positions`;
    const sockets = await Promise.all(
      [1, 2, 3].map(async () => {
        const socket = new WebSocket(url, { headers });
        await once(socket, "open");
        return socket;
      }),
    );
    const fourth = new WebSocket(url, { headers });
    expect(await once(fourth, "error")).toMatchObject([{ code: "ECONNRESET" }]);
    const other = new WebSocket(url, { headers: { ...headers, "x-forwarded-for": "203.0.113.6" } });
    await once(other, "open");
    for (const socket of [...sockets, other]) socket.terminate();
  });

  test("the process has so many and no more", async () => {
    await vi.waitFor(async () => {
      for (const raw of opened.splice(0)) raw.cut();
      const all = await Promise.all([...Array(9).keys()].map((i) => open(`127.0.1.${1 + i}`)));
      const answered = await Promise.all(all.map(answers));
      expect(answered.filter(Boolean)).toHaveLength(8);
    });
    for (const raw of opened.splice(0)) raw.cut();
  });
});

describe("requests", () => {
  const door = doorWith({
    headersTimeoutMs: 200,
    requestTimeoutMs: 1_500,
    keepAliveTimeoutMs: 200,
    timeoutCheckMs: 50,
    requestsMax: 3,
    unreadBytesPerSocketMax: 20_000,
  });

  test("headers that do not come, or come byte by byte, end in 408", async () => {
    const silent = await RawConnection.open(door().url);
    const slow = (await RawConnection.open(door().url)).send(`${POST}X-`);
    const drip = setInterval(() => slow.send("a"), 20);
    expect(await slow.ended).toMatch(/^HTTP\/1.1 408 .*"code":"timeout"/s);
    clearInterval(drip);
    expect(await silent.ended).toMatch(/^HTTP\/1.1 408 /);
  });

  test("a body that comes too slowly ends in 408", async () => {
    const { key } = await door().newVenue("slow");
    const slow = await RawConnection.open(door().url);
    slow.send(`${POST}Authorization: Bearer ${key}\r\nContent-Length: 1000\r\n\r\n[`);
    expect(await slow.ended).toMatch(/^HTTP\/1.1 408 /);
  });

  test("a body is not waited for where the credential is none", async () => {
    const guest = await RawConnection.open(door().url);
    guest.send(`${POST}Connection: close\r\nContent-Length: 1000000\r\n\r\n[`);
    await guest.until(/^HTTP\/1.1 401 /);
    guest.cut();
  });

  test("a connection that is not used again is closed", async () => {
    const raw = await RawConnection.open(door().url);
    raw.send("GET /health/live HTTP/1.1\r\nHost: door\r\n\r\n");
    expect(await raw.ended).toMatch(/^HTTP\/1.1 200 /);
  });

  test("answers that are not read end in 1008", async () => {
    const { key } = await door().newVenue("deaf");
    const raw = await openRaw(door(), key);
    raw.socket.pause();
    const answered = () => metric(door(), 'encounter_ingest_fixes_total{outcome="invalid"}');
    const frame = clientFrame(1, Buffer.from(JSON.stringify(Array(100).fill({}))));
    // More than both ends of the connection keep for a client.
    for (let i = 0; i < 4_000; i++) raw.send(frame);
    let before = -1;
    await vi.waitFor(async () => {
      const now = await answered();
      const isOver = now > 0 && now === before;
      before = now;
      expect(isOver).toBe(true);
    }, 20_000);
    expect(before).toBeLessThan(400_000);
    raw.socket.resume();
    expect(closeCodeOf(await raw.ended)).toBe(1008);
  });

  test("one request too many at a time is answered 503, and the health still told", async () => {
    const { key } = await door().newVenue("many");
    const head = `${POST}Authorization: Bearer ${key}\r\nContent-Length: 1000\r\n\r\n[`;
    const slow = await Promise.all([1, 2, 3].map(async () => (await RawConnection.open(door().url)).send(head)));
    await vi.waitFor(async () => {
      const answer = await fetch(`${door().url}/v1/positions`, { method: "POST", body: "[]" });
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("2");
      expect(await answer.json()).toMatchObject({ error: { code: "busy" } });
    });
    expect((await fetch(`${door().url}/health/ready`)).status).toBe(200);
    for (const raw of slow) expect(await raw.ended).toMatch(/^HTTP\/1.1 408 /);
    expect((await fetch(`${door().url}/v1/positions`, { method: "POST", body: "[]" })).status).toBe(401);
  });
});

describe("sockets", () => {
  const door = doorWith({
    ...{ socketsPerVenueMax: 4, socketsPerDeviceMax: 2, idleSocketMs: 600, frameTimeoutMs: 150, pingMs: 400 },
    ...{ unfinishedBytesMax: 100_000, handshakesMax: 2, closeTimeoutMs: 200 },
    ...{ gatewayFixesPerSecond: 1_000, burstSeconds: 2 },
  });

  test("one venue, and one device, has so many and no more: 1013", async () => {
    const { record, key } = await door().newVenue("crowded");
    const token = await door().newDeviceToken(record, "a");
    const ofDevice = [await new DeviceClient(door().url, token).opened()];
    ofDevice.push(await new DeviceClient(door().url, token).opened());
    expect(await new DeviceClient(door().url, token).closed).toMatchObject({
      code: 1013,
      reason: "too many sockets of this device",
    });
    const ofVenue = [
      await new DeviceClient(door().url, key).opened(),
      await new DeviceClient(door().url, key).opened(),
    ];
    expect(await new DeviceClient(door().url, key).closed).toMatchObject({
      code: 1013,
      reason: "too many sockets of this venue",
    });
    const elsewhere = await new DeviceClient(door().url, (await door().newVenue("quiet")).key).opened();
    for (const client of [...ofDevice, ...ofVenue, elsewhere]) client.socket.close();
    await Promise.all(ofVenue.map(({ closed }) => closed));
    const again = await new DeviceClient(door().url, key).opened();
    again.socket.close();
  });

  test("one that sends no frame is closed with 1008, one that does stays", async () => {
    const { key } = await door().newVenue("idle");
    const idle = await new DeviceClient(door().url, key).opened();
    const busy = await new DeviceClient(door().url, key).opened();
    const talk = setInterval(() => busy.send("[]"), 50);
    expect(await idle.closed).toMatchObject({ code: 1008, reason: "no frame for too long" });
    expect(busy.socket.readyState).toBe(WebSocket.OPEN);
    clearInterval(talk);
    expect(await busy.closed).toMatchObject({ code: 1008 });
  });

  test("one whose frame never ends is closed with 1008, though it answers pings", async () => {
    const { key } = await door().newVenue("endless");
    const raw = await openRaw(door(), key);
    raw.send(clientFrame(1, Buffer.from("["), { length: 1_000 }));
    const drip = setInterval(() => raw.send(" "), 20);
    const fragmented = await openRaw(door(), key);
    fragmented.send(clientFrame(1, Buffer.from("["), { fin: false }));
    const pieces = setInterval(() => {
      fragmented.send(clientFrame(0, Buffer.from(" "), { fin: false })).send(clientFrame(0xa, Buffer.alloc(0)));
    }, 20);
    for (const each of [raw, fragmented]) expect(closeCodeOf(await each.ended)).toBe(1008);
    clearInterval(drip);
    clearInterval(pieces);
  });

  test("one that does not answer pings is cut", async () => {
    const { key } = await door().newVenue("dead");
    const raw = await openRaw(door(), key);
    // Frames it does send: only the sign of life is missing.
    const talk = setInterval(() => raw.send(clientFrame(1, Buffer.from("[]"))), 50);
    await raw.ended;
    clearInterval(talk);
    expect(raw.said).not.toContain("\x88\x02");
  });

  test("unfinished frames of all sockets together are bounded: 1013", async () => {
    const { key } = await door().newVenue("halves");
    const half = clientFrame(1, Buffer.alloc(60_000, "["), { length: 100_000 });
    const first = (await openRaw(door(), key)).send(half);
    const second = (await openRaw(door(), key)).send(half);
    const codes = await Promise.all([first, second].map(async (raw) => closeCodeOf(await raw.ended)));
    // The other one takes too long for its frame.
    expect(codes.sort()).toEqual([1008, 1013]);
  });

  test("a gateway's key has its own rate, however many sockets use it", async () => {
    const { key } = await door().newVenue("fast");
    const clients = [
      await new DeviceClient(door().url, key).opened(),
      await new DeviceClient(door().url, key).opened(),
    ];
    for (let i = 0; i < 6; i++) for (const client of clients) client.send(Array(1_000).fill({}));
    for (const client of clients) expect((await client.closed).code).toBe(4429);
  });

  test("handshakes that wait for the store beyond the bound are answered 503", async () => {
    const { key } = await door().newVenue("waiting");
    door().server.pause();
    const asked = [1, 2, 3].map(async () => {
      const raw = await RawConnection.open(door().url);
      return raw.send(upgradeRequest("/v1/positions", { Authorization: `Bearer ${key}` }));
    });
    const first = await Promise.race(asked.map(async (raw) => (await raw).until(/\r\n\r\n/)));
    expect(first).toMatch(/^HTTP\/1.1 503 .*Retry-After: 2/s);
    door().server.resume();
    const all = await Promise.all(asked);
    const statuses = await Promise.all(all.map(async (raw) => (await raw.until(/\r\n\r\n/)).slice(9, 12)));
    expect(statuses.sort()).toEqual(["101", "101", "503"]);
    for (const raw of all) raw.cut();
  });
});

describe("what waits for the store", () => {
  const door = doorWith({
    ...{ queuedFixesMax: 60, queuedFixesPerVenueMax: 40, queuedFramesMax: 50, queuedBytesMax: 400_000 },
    ...{ unansweredFramesPerSocketMax: 30 },
  });

  /** Fills the queue while the store does not answer, asks what comes on top of it, and lets the store go on. */
  async function onTopOf(fill: [DeviceClient, unknown][], asked: [DeviceClient, unknown][]): Promise<unknown[]> {
    const fillers = [...new Set(fill.map(([client]) => client))];
    door().server.pause();
    for (const [client, frame] of fill) client.send(frame);
    const frames = fill.length;
    await vi.waitFor(async () => expect(await metric(door(), "encounter_ingest_waiting_frames")).toBe(frames));
    const replies = Promise.all(asked.map(([client, frame]) => client.ask(frame)));
    const answered = await replies;
    door().server.resume();
    for (const client of fillers) {
      for (const [from] of fill) if (from === client) expect(await client.reply()).toHaveProperty("counts");
    }
    return answered;
  }

  const fixes = (venueId: string, count: number) => Array.from({ length: count }, (_, i) => fix(venueId, `d${i}`));
  const clientOf = async (venueId: string) => {
    const { key } = await door().newVenue(venueId);
    const client = await new DeviceClient(door().url, key).opened();
    const other = await new DeviceClient(door().url, key).opened();
    for (const each of [client, other]) expect(await each.ask("[]")).toHaveProperty("counts");
    return [client, other] as const;
  };
  const busy = expect.objectContaining({ error: { code: "busy", retry_after_ms: expect.any(Number) } });

  test("of one venue is bounded, so that another still gets through; and all together are", async () => {
    const [a, a2] = await clientOf("a");
    const [b, b2] = await clientOf("b");
    const [tooMuch] = await onTopOf([[a, fixes("a", 40)]], [[a2, fixes("a", 1)]]);
    expect(tooMuch).toEqual(busy);
    const full: [DeviceClient, unknown][] = [
      [a, fixes("a", 40)],
      [b, fixes("b", 20)],
    ];
    expect(await onTopOf(full, [[b2, fixes("b", 1)]])).toEqual([busy]);
  });

  test("is bounded by frames, were they empty, and by bytes", async () => {
    const [a, a2] = await clientOf("frames");
    const [b, b2] = await clientOf("bytes");
    const empty: [DeviceClient, unknown][] = [a, b].flatMap((client) => Array(25).fill([client, "[]"]));
    expect(await onTopOf(empty, [[a2, "[]"]])).toEqual([busy]);
    const large = `[]${" ".repeat(390_000)}`;
    expect(await onTopOf([[b, large]], [[b2, `[]${" ".repeat(20_000)}`]])).toEqual([busy]);
  });

  test("of one socket is bounded: it is not read until it has its answers", async () => {
    const [a] = await clientOf("one");
    door().server.pause();
    for (let i = 0; i < 100; i++) a.send(`[]${" ".repeat(4_000)}`);
    const waiting = () => metric(door(), "encounter_ingest_waiting_frames");
    await vi.waitFor(async () => expect(await waiting()).toBeGreaterThanOrEqual(30));
    // One more piece of the network may have come in before it was not read any more.
    expect(await waiting()).toBeLessThan(50);
    door().server.resume();
    for (let i = 0; i < 100; i++) expect(await a.reply()).toHaveProperty("counts");
  });
});
