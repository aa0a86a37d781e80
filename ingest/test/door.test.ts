import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { listGatewayKeys, revokeDeviceTokens, revokeGatewayKey } from "@encounter/core/service/credential-store";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DeviceClient, refusedStatus } from "./device-client.ts";
import { type DoorUnderTest, OPERATOR_TOKEN, startDoor } from "./door-under-test.ts";

let under: DoorUnderTest;
let venues = 0;

beforeAll(async () => {
  under = await startDoor();
});

afterAll(() => under.stop());

const newVenue = (change = {}) => under.newVenue(`venue/${venues++}`, change);

const NOW_MS = Date.now();

function fix(venueId: string, deviceId: string, change: object = {}, position: object = {}) {
  return {
    device_id: deviceId,
    venue_id: venueId,
    timestamp: NOW_MS,
    position: { latitude: 45, longitude: 120, floor: 4, accuracy: 2, ...position },
    ...change,
  };
}

async function storedCount(record: VenueRecord, timestamp = NOW_MS): Promise<number> {
  return (await readMinuteFixes(under.redis, record.keys, Math.floor(timestamp / 60_000))).length;
}

async function post(path: string, token: string | null, body: string | Buffer, headers: Record<string, string> = {}) {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${under.url}${path}`, { method: "POST", headers: { ...authorization, ...headers }, body });
}

describe("frames", () => {
  test("one fix, an array, a batch: each is answered in its form", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    const epoch = expect.stringMatching(/^[0-9a-f]+$/);
    expect(await client.ask(fix(record.venueId, "a"))).toEqual({ batch: null, epoch, counts: { accepted: 1 } });
    expect(await client.ask([fix(record.venueId, "b"), fix(record.venueId, "c")])).toEqual({
      batch: null,
      epoch,
      counts: { accepted: 2 },
    });
    expect(await client.ask({ batch: "17", positions: [fix(record.venueId, "d")] })).toMatchObject({ batch: "17" });
    expect(await client.ask([])).toEqual({ batch: null, epoch, counts: {} });
    expect(await storedCount(record)).toBe(4);
  });

  test("every outcome, in the order in which they are looked for", async () => {
    const { record, key } = await newVenue({ retention_days: 1, max_accuracy: 4 });
    const { venueId } = record;
    const client = await new DeviceClient(under.url, key).opened();
    const positions = [
      fix(venueId, "a"),
      fix(venueId, "a", { timestamp: NOW_MS + 1 }),
      fix(venueId, "b", {}, { latitude: 85.1 }),
      fix("another", "b"),
      fix(venueId, "b", { timestamp: Date.now() + 130_000 }),
      fix(venueId, "b", { timestamp: Date.now() - 86_400_000 - 5_000 }),
      fix(venueId, "b", {}, { accuracy: 4.000001 }),
      fix(venueId, "b", {}, { accuracy: 4 }),
      fix("another", "b", {}, { accuracy: "2" }),
    ];
    expect(await client.ask({ batch: "b", positions })).toEqual({
      batch: "b",
      epoch: expect.any(String),
      counts: { accepted: 2, repeated: 1, invalid: 2, forbidden: 1, early: 1, late: 1, inaccurate: 1 },
      repeated: [1],
      errors: [
        { index: 2, outcome: "invalid", reason: "position.latitude must be between -85.05112878 and 85.05112878" },
        { index: 3, outcome: "forbidden", reason: expect.stringContaining("venue") },
        { index: 4, outcome: "early", reason: expect.stringContaining("2 minutes") },
        { index: 5, outcome: "late", reason: expect.stringContaining("1 day") },
        { index: 6, outcome: "inaccurate", reason: expect.stringContaining("4 m") },
        { index: 8, outcome: "invalid", reason: expect.stringContaining("position.accuracy") },
      ],
    });
    expect(await storedCount(record)).toBe(2);
  });

  test("a resent batch is repeated and changes nothing", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    const batch = { batch: "x", positions: [fix(record.venueId, "a"), fix(record.venueId, "b")] };
    expect((await client.ask(batch)).counts).toEqual({ accepted: 2 });
    expect(await client.ask(batch)).toMatchObject({ counts: { repeated: 2 }, repeated: [0, 1] });
    expect(await storedCount(record)).toBe(2);
  });

  test("frames sent without waiting are answered in their order", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    for (let i = 0; i < 500; i++) {
      if (i % 7 === 3) client.send("not json");
      else client.send({ batch: String(i), positions: [fix(record.venueId, `d${i}`)] });
    }
    for (let i = 0; i < 500; i++) {
      const reply = await client.reply();
      if (i % 7 === 3) expect(reply).toHaveProperty("error.code", "bad_frame");
      else expect(reply.batch).toBe(String(i));
    }
  });

  test("at most 100 refused fixes are listed, all are counted", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    const reply = await client.ask(Array.from({ length: 1_000 }, () => ({ venue_id: record.venueId })));
    expect(reply.counts).toEqual({ invalid: 1_000 });
    expect(reply.errors).toHaveLength(100);
  });

  test("what is no frame is said to be none, nothing is stored, and the socket stays open", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    const tooMany = Array.from({ length: 1_001 }, (_, i) => fix(record.venueId, `d${i}`));
    for (const frame of [
      "",
      "{",
      "42",
      "null",
      '"x"',
      "NaN",
      JSON.stringify(tooMany),
      { batch: "b", positions: tooMany },
    ]) {
      expect(await client.ask(frame)).toEqual({ error: { code: "bad_frame", message: expect.any(String) } });
    }
    expect(await storedCount(record)).toBe(0);
    expect((await client.ask(fix(record.venueId, "a"))).counts).toEqual({ accepted: 1 });
  });

  test("an object that is no batch is one fix", async () => {
    const { key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    for (const frame of [{}, { batch: "b" }, { batch: "b".repeat(65), positions: [] }, { batch: 7, positions: [] }]) {
      expect(await client.ask(frame)).toMatchObject({ counts: { invalid: 1 } });
    }
  });
});

const recorded = process.env.ENCOUNTER_DATA;

test.skipIf(recorded === undefined)(
  "the malformed set, a line a frame: every line has its answer, and only good fixes are stored (skipped without ENCOUNTER_DATA)",
  async () => {
    const { record, key } = await under.newVenue("v", { retention_days: 3650 });
    const client = await new DeviceClient(under.url, key).opened();
    const lines = gunzipSync(readFileSync(join(recorded as string, "made-malformed.ndjson.gz")))
      .toString("utf8")
      .split("\n");
    const outcomes: Record<string, number> = {};
    for (const line of lines) {
      const reply = await client.ask(line);
      const names = "error" in reply ? ["bad_frame"] : Object.keys(reply.counts as object);
      for (const name of names) outcomes[name] = (outcomes[name] ?? 0) + 1;
    }
    expect(outcomes.accepted).toBe(await storedTotal(record));
    expect(outcomes.bad_frame).toBeGreaterThan(5);
    expect(outcomes.invalid).toBeGreaterThan(25);
    expect((await client.ask(fix("v", "still here"))).counts).toEqual({ accepted: 1 });
  },
);

/** Every fix that a venue holds, of whatever minute. */
async function storedTotal(record: VenueRecord): Promise<number> {
  const minutes = await under.redis.zrange(record.keys.minutes, "0", "-1");
  const counts = await Promise.all(minutes.map((minute) => under.redis.hlen(record.keys.fixes(Number(minute)))));
  return counts.reduce((sum, count) => sum + count, 0);
}

describe("closing", () => {
  test("a binary frame closes with 1003, one too big with 1009, one that is no UTF-8 with 1007", async () => {
    const { key } = await newVenue();
    const binary = await new DeviceClient(under.url, key).opened();
    binary.socket.send(Buffer.from("{}"), { binary: true });
    expect((await binary.closed).code).toBe(1003);
    const big = await new DeviceClient(under.url, key).opened();
    big.send("x".repeat(2 * 1_048_576));
    expect((await big.closed).code).toBe(1009);
    const garbled = await new DeviceClient(under.url, key).opened();
    garbled.socket.send(Buffer.from([0xff, 0xfe, 0x80]), { binary: false });
    expect((await garbled.closed).code).toBe(1007);
  });

  test("a frame of exactly 1 MiB is taken", async () => {
    const { key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    expect(await client.ask(`[]${" ".repeat(1_048_574)}`)).toMatchObject({ counts: {} });
  });

  test("a revoked key, a revoked token and a deleted venue close their sockets with 4401 within 5 s", async () => {
    const { record, key } = await newVenue();
    const token = await under.newDeviceToken(record, "a");
    const byKey = await new DeviceClient(under.url, key).opened();
    const byToken = await new DeviceClient(under.url, token).opened();
    const started = Date.now();
    for (const { id } of await listGatewayKeys(under.redis, record)) await revokeGatewayKey(under.redis, record, id);
    await revokeDeviceTokens(under.redis, record, "a");
    expect((await byKey.closed).code).toBe(4401);
    expect((await byToken.closed).code).toBe(4401);
    const other = await newVenue();
    const ofVenue = await new DeviceClient(under.url, other.key).opened();
    await new VenueEditor(under.redis).delete(other.record);
    expect((await ofVenue.closed).code).toBe(4401);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test("a deleted venue's frame is not stored, and the same id starts empty", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    expect((await client.ask(fix(record.venueId, "a"))).counts).toEqual({ accepted: 1 });
    await new VenueEditor(under.redis).delete(record);
    client.send(fix(record.venueId, "b"));
    expect((await client.closed).code).toBe(4401);
    const again = await under.newVenue(record.venueId);
    expect(await storedCount(again.record)).toBe(0);
    expect(await refusedStatus(under.url, { authorization: `Bearer ${key}` })).toBe(401);
  });
});

describe("credentials", () => {
  test("without a valid one there is no socket", async () => {
    const { key } = await newVenue();
    expect(await refusedStatus(under.url, {})).toBe(401);
    expect(await refusedStatus(under.url, { authorization: "Bearer nonsense" })).toBe(401);
    expect(await refusedStatus(under.url, { authorization: `Bearer ${OPERATOR_TOKEN}` })).toBe(401);
    expect(await refusedStatus(under.url, { authorization: `Bearer ${key}x` })).toBe(401);
    expect(await refusedStatus(under.url, {}, ["positions.v1", "bearer.nonsense"])).toBe(401);
    expect(await refusedStatus(under.url, {}, [`bearer.${key}`])).toBe(401);
  });

  test("a browser brings it among the subprotocols; only positions.v1 is echoed", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, null, ["positions.v1", `bearer.${key}`]).opened();
    expect(client.socket.protocol).toBe("positions.v1");
    expect((await client.ask(fix(record.venueId, "a"))).counts).toEqual({ accepted: 1 });
  });

  test("the upgrade's answer names the epoch of the replies", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    const { epoch } = await client.ask(fix(record.venueId, "a"));
    expect((await client.headers)["encounter-epoch"]).toBe(epoch);
  });

  test("a device token speaks for its device alone", async () => {
    const { record } = await newVenue();
    const token = await under.newDeviceToken(record, "mine");
    const client = await new DeviceClient(under.url, token).opened();
    const reply = await client.ask([fix(record.venueId, "mine"), fix(record.venueId, "yours"), fix("other", "mine")]);
    expect(reply.counts).toEqual({ accepted: 1, forbidden: 2 });
  });
});

describe("settings bind at once", () => {
  test("a changed accuracy limit holds for the next fix", async () => {
    const { record, key } = await newVenue({ max_accuracy: 4 });
    const client = await new DeviceClient(under.url, key).opened();
    for (let round = 0; round < 10; round++) {
      await new VenueEditor(under.redis).save(record.venueId, { max_accuracy: 10 });
      const inaccurate = fix(record.venueId, `d${round}`, {}, { accuracy: 8 });
      expect((await client.ask(inaccurate)).counts).toEqual({ accepted: 1 });
      await new VenueEditor(under.redis).save(record.venueId, { max_accuracy: 4 });
      expect((await client.ask(inaccurate)).counts).toEqual({ inaccurate: 1 });
    }
  });

  test("an inaccurate fix does not use up the minute", async () => {
    const { record, key } = await newVenue();
    const client = await new DeviceClient(under.url, key).opened();
    const frame = [fix(record.venueId, "a", {}, { accuracy: 9 }), fix(record.venueId, "a")];
    expect((await client.ask(frame)).counts).toEqual({ inaccurate: 1, accepted: 1 });
  });
});

describe("POST /v1/positions", () => {
  test("answers as the socket does, with and without a content type", async () => {
    const { record, key } = await newVenue();
    const body = JSON.stringify({ batch: "1", positions: [fix(record.venueId, "a")] });
    const first = await post("/v1/positions", key, body, { "content-type": "application/json" });
    expect(first.status).toBe(200);
    expect(await first.json()).toMatchObject({ batch: "1", counts: { accepted: 1 } });
    const second = await post("/v1/positions", key, Buffer.from(body));
    expect(await second.json()).toMatchObject({ counts: { repeated: 1 } });
  });

  test("says what is wrong: 400, 401, 413, 404", async () => {
    const { key } = await newVenue();
    expect((await post("/v1/positions", key, "not json")).status).toBe(400);
    expect((await post("/v1/positions", key, Buffer.from([0xff, 0xfe]))).status).toBe(400);
    expect((await post("/v1/positions", null, "[]")).status).toBe(401);
    expect((await post("/v1/positions", key, "x".repeat(1_048_577))).status).toBe(413);
    expect((await post("/v1/elsewhere", key, "[]")).status).toBe(404);
    const response = await post("/v1/positions", key, "[1");
    expect(await response.json()).toEqual({ error: { code: "bad_frame", message: expect.stringContaining("JSON") } });
  });

  test("an empty body without content type is a bad frame", async () => {
    const { key } = await newVenue();
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${under.url}/v1/positions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}` },
      });
      sent.on("response", (response) => resolve(response.resume().statusCode));
      sent.on("error", reject);
      sent.end();
    });
    expect(status).toBe(400);
  });
});

describe("health and metrics", () => {
  test("live and ready are open, metrics want the operator token", async () => {
    expect((await fetch(`${under.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${under.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${under.url}/metrics`)).status).toBe(401);
    const { record, key } = await newVenue();
    await post("/v1/positions", key, JSON.stringify(fix(record.venueId, "a")));
    const metrics = await fetch(`${under.url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    expect(await metrics.text()).toContain('encounter_ingest_fixes_total{outcome="accepted"}');
  });
});

describe("trouble with the store", () => {
  let alone: DoorUnderTest;

  beforeAll(async () => {
    alone = await startDoor();
  });

  afterAll(() => alone.stop());

  test("a frozen store is unknown in time, then known again; a killed one is busy, and its epoch changes", async () => {
    const { record, key } = await alone.newVenue("v");
    const client = await new DeviceClient(alone.url, key).opened();
    const first = await client.ask(fix("v", "a"));
    alone.server.pause();
    client.send({ batch: "frozen", positions: [fix("v", "b")] });
    expect(await client.reply()).toEqual({
      batch: "frozen",
      error: { code: "unknown", retry_after_ms: expect.any(Number) },
    });
    alone.server.resume();
    await vi.waitFor(async () => {
      expect((await client.ask({ batch: "again", positions: [fix("v", "b")] })).counts).toBeDefined();
    }, 20_000);
    await alone.server.kill();
    await vi.waitFor(async () => {
      const reply = await client.ask({ batch: "dead", positions: [fix("v", "c")] });
      expect(reply).toEqual({ batch: "dead", error: { code: "busy", retry_after_ms: expect.any(Number) } });
    }, 10_000);
    expect((await post503(alone.url, key)).status).toBe(503);
    await alone.server.restart();
    await vi.waitFor(async () => {
      const reply = await client.ask(fix("v", "c"));
      expect(reply.counts).toBeDefined();
      expect(reply.epoch).not.toBe(first.epoch);
    }, 20_000);
    const fixes = await readMinuteFixes(alone.redis, record.keys, Math.floor(NOW_MS / 60_000));
    expect(fixes).toHaveLength(3);
  }, 60_000);
});

function post503(url: string, key: string) {
  return fetch(`${url}/v1/positions`, { method: "POST", headers: { authorization: `Bearer ${key}` }, body: "[]" });
}

describe("bounds", () => {
  let bounded: DoorUnderTest;

  beforeAll(async () => {
    bounded = await startDoor({ queuedFixesMax: 10, socketsMax: 2, deviceFixesPerSecond: 1, burstSeconds: 5 });
  });

  afterAll(() => bounded.stop());

  test("too much waiting is busy, and nothing of the frame is stored", async () => {
    const { record, key } = await bounded.newVenue("full");
    const client = await new DeviceClient(bounded.url, key).opened();
    const reply = await client.ask({
      batch: "b",
      positions: Array.from({ length: 11 }, (_, i) => fix("full", `d${i}`)),
    });
    expect(reply).toEqual({ batch: "b", error: { code: "busy", retry_after_ms: expect.any(Number) } });
    expect(await readMinuteFixes(bounded.redis, record.keys, Math.floor(NOW_MS / 60_000))).toHaveLength(0);
    client.socket.close();
    await client.closed;
  });

  test("one socket too many is closed with 1013", async () => {
    const { key } = await bounded.newVenue("crowded");
    const first = await new DeviceClient(bounded.url, key).opened();
    const second = await new DeviceClient(bounded.url, key).opened();
    const third = new DeviceClient(bounded.url, key);
    expect((await third.closed).code).toBe(1013);
    for (const client of [first, second]) {
      client.socket.close();
      await client.closed;
    }
  });

  test("a device that sends more than its rate is closed with 4429, over HTTP answered 429", async () => {
    const { record } = await bounded.newVenue("fast");
    const token = await bounded.newDeviceToken(record, "a");
    const client = await new DeviceClient(bounded.url, token).opened();
    for (let i = 0; i < 8; i++) client.send(fix("fast", "a"));
    expect((await client.closed).code).toBe(4429);
    const answer = await fetch(`${bounded.url}/v1/positions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify([fix("fast", "a"), fix("fast", "a"), fix("fast", "a")]),
    });
    expect(answer.status).toBe(429);
  });
});

test("stopping answers what was read, then closes with 1012", async () => {
  const leaving = await startDoor();
  const { record, key } = await leaving.newVenue("v");
  const client = await new DeviceClient(leaving.url, key).opened();
  await client.ask(fix("v", "first"));
  for (let i = 0; i < 50; i++) client.send({ batch: String(i), positions: [fix("v", `d${i}`)] });
  await client.reply();
  const stopping = leaving.door.stop();
  expect((await client.closed).code).toBe(1012);
  await stopping;
  const answered = 1 + 50 - (await unanswered(client));
  const stored = await readMinuteFixes(leaving.redis, record.keys, Math.floor(NOW_MS / 60_000));
  expect(stored.length).toBeGreaterThanOrEqual(answered);
  leaving.redis.disconnect();
  await leaving.server.stop();
});

/** Frames of the fifty that got no answer before the socket closed. */
async function unanswered(client: DeviceClient): Promise<number> {
  let answered = 1;
  for (;;) {
    const reply = await Promise.race([client.reply(), Promise.resolve(null)]);
    if (reply === null) return 50 - answered;
    answered += 1;
  }
}
