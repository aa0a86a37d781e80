import type { Fix } from "@encounter/core/domain/fix";
import { activate, createInvite } from "@encounter/core/service/credential-invite";
import { activateMappedinDevice, findMappedinVenue } from "@encounter/core/service/credential-mappedin";
import { createDeviceToken, verify } from "@encounter/core/service/credential-store";
import type { Running } from "@encounter/core/service/lifecycle";
import { createLog } from "@encounter/core/service/log";
import { readMinuteFixes, readMinutePairs } from "@encounter/core/service/minute-store";
import { connectRedis } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { chunkOf } from "@encounter/core/storage/keys";
import { readTimeline } from "@encounter/core/storage/records";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendOnlyBytes, formsOf, keysThatHold } from "../../core/test/everything-stored.ts";
import { readConfig } from "../../processor/src/config.ts";
import { startProcessor } from "../../processor/src/processor.ts";
import { bare, expectedOfDevice, expectedOfVenue } from "./brute-force.ts";
import { eventually } from "./eventually.ts";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

const VICTIM = "Wänd 4711/*x";
const PATH = `/v1/venues/ward/devices/${encodeURIComponent(VICTIM)}`;
const OTHERS = ["a", "b", "c", "d", "e"];
const FIRST = NOW_MINUTE - 300;
let door: OperatorsDoor;
let redis: Redis;
let record: VenueRecord;
let processor: Running | null = null;
let fixes: Fix[];

beforeAll(async () => {
  door = await OperatorsDoor.open();
  redis = door.redis as Redis;
  // Or the id could hide in the files.
  await redis.config("SET", "rdbcompression", "no");
  record = await door.createVenue("ward", { mappedin: true, min_minutes: 1 });
});
afterAll(async () => {
  await processor?.stop();
  await door.close();
});

/** Everybody walks about a few metres, over the edge of a chunk; the victim is among them every minute but some. */
function walks(): Fix[] {
  return Array.from({ length: 260 }, (_, index) => index).flatMap((index) =>
    [VICTIM, ...OTHERS].flatMap((id, device) =>
      (index * 7 + device * 3) % 11 === 0 ? [] : [at(id, FIRST + index, ((index * (device + 2)) % 17) - 8)],
    ),
  );
}

function othersAt(minute: number): string[] {
  const present = fixes.filter(({ fixTimeMs }) => Math.floor(fixTimeMs / 60_000) === minute);
  expect(present.map(({ deviceId }) => deviceId)).toContain(VICTIM);
  return present.map(({ deviceId }) => deviceId).filter((id) => id !== VICTIM);
}

async function startProcessing(): Promise<void> {
  const config = readConfig({ REDIS_URL: door.server.url });
  const log = createLog("test", "silent");
  processor = await startProcessor({
    config,
    log,
    redis: connectRedis([door.server.url], "worker", log),
    now: Date.now,
  });
}

const window = `from=${(FIRST - 10) * 60_000}&to=${(NOW_MINUTE + 1) * 60_000}&min_minutes=1&limit=1000`;
const query = {
  fromMs: (FIRST - 10) * 60_000,
  toMs: (NOW_MINUTE + 1) * 60_000,
  proximityDm: 50,
  minMinutes: 1,
  certain: false,
};

describe("an erased device", () => {
  let token: string;
  let code: string;
  let number: number;

  beforeAll(async () => {
    fixes = walks();
    await door.feed(record, fixes);
    await door.evaluate(record);
    const invite = await createInvite(door.redis, record, 2);
    code = invite?.code ?? "";
    await activate(door.redis, code, VICTIM);
    token = (await createDeviceToken(door.redis, record, VICTIM))?.token ?? "";
    await activateMappedinDevice(door.redis, record, VICTIM);
    number = Number(await redis.hget(record.keys.devices, VICTIM));
  });

  test("was there, in every place that this test looks at", async () => {
    const held = (await keysThatHold(redis, formsOf(VICTIM))).map((name) => name.replace(record.keys.prefix, ""));
    expect(held.map((name) => name.replace(/^(invite:|tokens:|\{d:).*/, "$1"))).toEqual(
      expect.arrayContaining(["devices", "names", "stream", "mappedin", "tokens:", "invite:", "{d:"]),
    );
    expect((await appendOnlyBytes(redis)).includes(VICTIM)).toBe(true);
    expect((await door.ask(`${PATH}/contacts?${window}`)).json.contacts).not.toEqual([]);
  });

  test("is found by no query from the answer on, and its credentials are dead", async () => {
    const { status, json, headers } = await door.ask(PATH, { method: "DELETE" });
    expect([status, json.state, json.completed_at]).toEqual([202, "removing", null]);
    expect(headers.get("location")).toBe(`/v1/venues/ward/erasures/${json.erasure_id}`);
    expect((await door.ask("/v1/venues/ward/devices")).text).not.toContain("4711");
    expect((await door.ask(`${PATH}/contacts?${window}`)).json.contacts).toEqual([]);
    expect((await door.ask(`${PATH}/fixes?${window.replace(/&min.*/, "")}`)).json.fixes).toEqual([]);
    const contacts = await door.ask(`/v1/venues/ward/contacts?${window}`);
    expect([contacts.status, contacts.text.includes("4711")]).toEqual([200, false]);
    const minute = await door.ask(`/v1/venues/ward/minutes/${FIRST + 1}`);
    expect(minute.json.fixes.map((fix: { device_id: string }) => fix.device_id).sort()).toEqual(othersAt(FIRST + 1));
    expect(await verify(door.redis, token)).toBeNull();
    expect(await findMappedinVenue(door.redis, VICTIM)).toBeNull();
  });

  test("is gone within seconds, and its receipt says what was removed without naming it", async () => {
    await startProcessing();
    const [id] = await redis.smembers(record.keys.erasing);
    await eventually(async () => {
      expect((await door.ask(`/v1/venues/ward/erasures/${id}`)).json.state).toBe("complete");
    });
    const receipt = (await door.ask(`/v1/venues/ward/erasures/${id}`)).json;
    const pairMinutes = expectedOfDevice(fixes, { ...query, proximityDm: 100 }, VICTIM).reduce(
      (sum, { minutes }) => sum + minutes,
      0,
    );
    expect(receipt).toMatchObject({
      erasure_id: id,
      venue_id: "ward",
      append_only_files: "rewritten",
      removed: {
        fixes: fixes.filter(({ deviceId }) => deviceId === VICTIM).length,
        pair_minutes: pairMinutes,
        timelines: 2,
        tokens: 2,
        invites: 1,
      },
    });
    expect(receipt.requested_at).toBeLessThanOrEqual(receipt.removed_at);
    expect(receipt.removed_at).toBeLessThanOrEqual(receipt.completed_at);
  });

  test("stands nowhere in Redis, nor in its files", async () => {
    expect(await keysThatHold(redis, formsOf(VICTIM))).toEqual([]);
    const files = await appendOnlyBytes(redis);
    expect(formsOf(VICTIM).filter((form) => files.includes(form))).toEqual([]);
    expect(await numberHolders(number)).toEqual([]);
  });

  test("leaves the contacts of the others as if it had never been there", async () => {
    const others = fixes.filter(({ deviceId }) => deviceId !== VICTIM);
    const venue = await door.ask(`/v1/venues/ward/contacts?${window}`);
    expect(venue.json.contacts).toEqual(expectedOfVenue(others, query).map(bare));
    const one = await door.ask(`/v1/venues/ward/devices/c/contacts?${window}`);
    expect(one.json.contacts).toEqual(expectedOfDevice(others, query, "c"));
  });

  test("begins anew when it sends again, and its use of the invite stays counted", async () => {
    await door.feed(record, [at(VICTIM, NOW_MINUTE, 0), at("a", NOW_MINUTE, 1)]);
    expect(Number(await redis.hget(record.keys.devices, VICTIM))).toBeGreaterThan(number);
    await eventually(async () => {
      const { contacts } = (await door.ask(`${PATH}/contacts?${window}`)).json;
      expect(contacts.map(({ other, minutes }: { other: string; minutes: number }) => [other, minutes])).toEqual([
        ["a", 1],
      ]);
    });
    expect(await activate(door.redis, code, "second")).toMatchObject({ venueId: "ward" });
    expect(await activate(door.redis, code, "third")).toBe("used_up");
  });
});

test("a device that was never seen has a receipt that says so", async () => {
  const { status, json } = await door.ask("/v1/venues/ward/devices/nobody", { method: "DELETE" });
  expect(status).toBe(202);
  expect(json.removed).toEqual({ fixes: 0, pair_minutes: 0, timelines: 0, tokens: 0, invites: 0 });
  const { erasures } = (await door.ask("/v1/venues/ward/erasures")).json;
  expect(erasures).toHaveLength(2);
  expect(erasures[0].erasure_id).toBe(json.erasure_id);
  expect((await door.ask("/v1/venues/ward/erasures/none")).status).toBe(404);
  expect((await door.ask("/v1/venues/nowhere/devices/a", { method: "DELETE" })).status).toBe(404);
  expect((await door.ask("/v1/venues/ward/devices/a", { method: "DELETE", guest: true })).status).toBe(401);
});

/** Which records name a device by its number. */
async function numberHolders(number: number): Promise<string[]> {
  const { keys } = record;
  const found: string[] = [];
  const minutes = (await redis.zrange(keys.minutes, "0", "-1")).map(Number);
  for (const minute of minutes) {
    for (const { deviceNumber } of await readMinuteFixes(redis, keys, minute)) {
      if (deviceNumber === number) found.push(keys.fixes(minute));
    }
    for (const { newer, older } of await readMinutePairs(redis, keys, minute)) {
      if (newer === number || older === number) found.push(keys.pairs(minute));
    }
    if ((await redis.zscore(keys.index(minute, 0), String(number))) !== null) found.push(keys.index(minute, 0));
  }
  for (const name of await redis.keys(`*timeline:*`)) {
    const [device, chunk] = name.split(":").slice(-2).map(Number) as [number, number];
    const entries = readTimeline(chunk, (await redis.getBuffer(name)) as Buffer);
    if (device === number || entries.some(({ other }) => other === number)) found.push(name);
  }
  for (const seen of [keys.firstSeen, keys.lastSeen]) {
    if ((await redis.zscore(seen, String(number))) !== null) found.push(seen);
  }
  expect(new Set(minutes.map(chunkOf)).size).toBeGreaterThan(1);
  return found;
}
