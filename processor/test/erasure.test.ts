import type { Fix } from "@encounter/core/domain/fix";
import { minuteOf } from "@encounter/core/domain/minute";
import { nearness } from "@encounter/core/domain/proximity";
import { beginErasure, listUnfinishedErasures, readErasure } from "@encounter/core/service/erasure-store";
import { createLog } from "@encounter/core/service/log";
import { readMinuteFixes, readMinutePairs } from "@encounter/core/service/minute-store";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { loadVenue, VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { chunkOf } from "@encounter/core/storage/keys";
import { readTimeline } from "@encounter/core/storage/records";
import fc from "fast-check";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { feed } from "../../core/test/feed.ts";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { ContactStore } from "../src/contact-store.ts";
import { rewriteAppendOnlyFiles } from "../src/erasure/append-only-files.ts";
import { DeviceEraser } from "../src/erasure/device-eraser.ts";
import { finishErasures } from "../src/erasure/erasure-job.ts";
import { findNewcomers } from "../src/pair-finder.ts";
import { evaluateVenue } from "../src/proximity-job.ts";

const log = createLog("test", "silent");
const MINUTE = Math.floor(Date.now() / 60_000) - 5;
const MINUTES = 4;
const VICTIM = "victim";
let server: TestRedis;
let redis: RedisClient;
let venues = 0;

beforeAll(async () => {
  server = await startRedisServer();
  redis = await connect();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function connect(): Promise<RedisClient> {
  const client = connectRedis([server.url], "worker", log);
  await untilReady(client, [server.url], 5_000);
  return client;
}

async function newVenue(): Promise<VenueRecord> {
  const saved = await new VenueEditor(redis).save(`venue ${venues++}`, { cap: 10, max_accuracy: 50 });
  if (!("record" in saved)) throw new Error(saved.outcome);
  return saved.record;
}

/** Now as its record says it. */
async function reloaded({ venueId }: VenueRecord): Promise<VenueRecord> {
  return (await loadVenue(redis, venueId)) as VenueRecord;
}

function fixOf(deviceId: string, minute: number, eastM: number): Fix {
  return {
    deviceId,
    fixTimeMs: (MINUTE + minute) * 60_000 + 5_000,
    longitude: eastM / 111_320,
    latitude: 0,
    floor: 0,
    accuracyM: 1,
  };
}

const dependencies = () => ({ redis, store: new ContactStore(redis), log, now: Date.now });

/** Which records name a device by its number, and every pair-minute as stored, by device numbers. */
async function lookThrough(record: VenueRecord, number: number): Promise<{ holders: string[]; pairs: string[] }> {
  const { keys } = record;
  const holders: string[] = [];
  const pairs: string[] = [];
  const names = await redis.hgetall(keys.names);
  for (const minute of (await redis.zrange(keys.minutes, "0", "-1")).map(Number)) {
    const fixes = await readMinuteFixes(redis, keys, minute);
    if (fixes.some(({ deviceNumber }) => deviceNumber === number)) holders.push(keys.fixes(minute));
    for (const { newer, older } of await readMinutePairs(redis, keys, minute)) {
      if (newer === number || older === number) holders.push(keys.pairs(minute));
      if (newer !== 0) pairs.push([minute, ...[names[newer], names[older]].sort()].join(" "));
    }
  }
  const timelines = await redis.keys(`${keys.prefix.replace(/[*?[\]\\]/g, "?")}timeline:*`);
  for (const name of timelines) {
    const [device, chunk] = name.split(":").slice(-2).map(Number) as [number, number];
    const entries = readTimeline(chunk, (await redis.getBuffer(name)) as Buffer);
    if (device === number || entries.some(({ other }) => other === number)) holders.push(name);
  }
  for (const seen of [keys.firstSeen, keys.lastSeen]) {
    if ((await redis.zscore(seen, String(number))) !== null) holders.push(seen);
  }
  return { holders, pairs: pairs.sort() };
}

/** Every pair-minute out to the cap, by definition. */
function bruteForce(fixes: readonly Fix[]): string[] {
  return fixes
    .flatMap((a, i) =>
      fixes.slice(0, i).flatMap((b) => {
        if (minuteOf(a.fixTimeMs) !== minuteOf(b.fixTimeMs) || nearness(a, b).gapM > 10) return [];
        return [[minuteOf(a.fixTimeMs), ...[a.deviceId, b.deviceId].sort()].join(" ")];
      }),
    )
    .sort();
}

test("what was evaluated from an erased device's fix is refused, and evaluated anew without it", async () => {
  const record = await newVenue();
  const fixes = [fixOf("a", 0, 0), fixOf(VICTIM, 0, 1), fixOf("b", 0, 2)];
  await feed(redis, record, fixes);
  const number = Number(await redis.hget(record.keys.devices, VICTIM));
  const span = { from: 0, to: 3 };
  const newcomers = await findNewcomers(redis, record, MINUTE, span, 1);
  expect(newcomers).toHaveLength(3);
  await beginErasure(redis, record, VICTIM, Date.now());
  await finishErasures(redis, [await reloaded(record)], Date.now, log);

  expect(await new ContactStore(redis).store(record, MINUTE, span, newcomers)).toMatchObject({ outcome: "overtaken" });
  expect(await lookThrough(record, number)).toEqual({ holders: [], pairs: [] });
  await evaluateVenue(dependencies(), record.venueId);
  const others = fixes.filter(({ deviceId }) => deviceId !== VICTIM);
  expect(await lookThrough(record, number)).toEqual({ holders: [], pairs: bruteForce(others) });
  expect(Number(await redis.hget(record.keys.state, "unevaluated"))).toBe(0);
});

test("a minute whose last fix was erased lets what comes later expire", async () => {
  const record = await newVenue();
  await feed(redis, record, [fixOf(VICTIM, 0, 0)]);
  await beginErasure(redis, record, VICTIM, Date.now());
  await finishErasures(redis, [await reloaded(record)], Date.now, log);
  expect(await redis.exists(record.keys.fixes(MINUTE))).toBe(0);
  await feed(redis, record, [fixOf("late", 0, 0)]);
  expect(await redis.ttl(record.keys.fixes(MINUTE))).toBeGreaterThan(86_400);
});

test("an erasure amid evaluations, killed and gone on with, leaves what would be there without the device", async () => {
  const sighting = fc.record({
    device: fc.integer({ min: 0, max: 7 }),
    minute: fc.integer({ min: 0, max: MINUTES - 1 }),
    eastM: fc.integer({ min: 0, max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(sighting, { minLength: 20, maxLength: 80 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }),
      async (sightings, batchSize, killsAfter) => {
        const record = await newVenue();
        const before = sightings.map(({ device, minute, eastM }) =>
          fixOf(device === 0 ? VICTIM : `d${device}`, minute, eastM),
        );
        const meanwhile = sightings.map(({ device, minute, eastM }) => fixOf(`e${device}`, minute, 12 - eastM));
        const accepted = await feed(redis, record, before, batchSize);
        const number = Number((await redis.hget(record.keys.devices, VICTIM)) ?? -1);

        const evaluations = Array.from({ length: 3 }, () => evaluateVenue(dependencies(), record.venueId));
        const erasure = await beginErasure(redis, record, VICTIM, Date.now());
        const feeding = feed(redis, record, meanwhile, batchSize);
        for (const after of killsAfter) await eraseUntilKilled(await reloaded(record), after);
        await Promise.all([...evaluations, evaluateVenue(dependencies(), record.venueId)]);
        const acceptedMeanwhile = await feeding;
        await Promise.all([
          finishErasures(redis, [await reloaded(record)], Date.now, log),
          evaluateVenue(dependencies(), record.venueId),
        ]);
        await evaluateVenue(dependencies(), record.venueId);

        const others = [
          ...before.filter(({ deviceId }, index) => accepted[index] && deviceId !== VICTIM),
          ...meanwhile.filter((_, index) => acceptedMeanwhile[index]),
        ];
        expect(await lookThrough(record, number)).toEqual({ holders: [], pairs: bruteForce(others) });
        const receipt = await readErasure(redis, record, erasure?.id ?? "");
        const fixes = before.filter(({ deviceId }, index) => accepted[index] && deviceId === VICTIM).length;
        expect(receipt).toMatchObject({ files: "rewritten", deviceId: null, deviceNumber: null, removed: { fixes } });
        expect(await listUnfinishedErasures(redis, record)).toEqual([]);
        expect(await redis.exists(record.keys.pending)).toBe(0);
      },
    ),
    { numRuns: 10 },
  );
}, 60_000);

/** Begins to erase, and loses its connection after so many commands. */
async function eraseUntilKilled(record: VenueRecord, commands: number): Promise<void> {
  const doomed = (await connect()) as Redis;
  const [erasure] = await listUnfinishedErasures(redis, record);
  if (erasure === undefined) return;
  let sent = 0;
  const send = doomed.sendCommand.bind(doomed);
  doomed.sendCommand = (command, stream) => {
    if (++sent > commands) doomed.disconnect();
    return send(command, stream as never);
  };
  await new DeviceEraser(doomed, record, erasure.id).erase(erasure).catch(() => {});
  doomed.disconnect();
}

test("erasures that come while files are written anew are completed by whoever has that done", async () => {
  const records = await Promise.all(Array.from({ length: 4 }, newVenue));
  const begun = records.map(async (record) => {
    await feed(redis, record, [fixOf(VICTIM, 0, 0), fixOf("a", 0, 1)]);
    await beginErasure(redis, record, VICTIM, Date.now());
    await finishErasures(redis, [await reloaded(record)], Date.now, log);
  });
  await Promise.all(begun);
  for (const record of records) expect(await listUnfinishedErasures(redis, record)).toEqual([]);
});

test("a venue that ends while a device of it is erased is left alone", async () => {
  const record = await newVenue();
  await feed(redis, record, [fixOf(VICTIM, 0, 0), fixOf("a", 0, 1)]);
  await beginErasure(redis, record, VICTIM, Date.now());
  await new VenueEditor(redis).delete(record);
  await redis.unlink(record.keys.state, record.keys.pairs(MINUTE));
  const before = (await redis.keys(`${record.keys.prefix}*`)).sort();
  await finishErasures(redis, [record], Date.now, log);
  expect((await redis.keys(`${record.keys.prefix}*`)).sort()).toEqual(before);
  expect(await loadVenue(redis, record.venueId)).toBeNull();
});

test("a Redis that does not allow its files to be rewritten is told apart from one that keeps none", async () => {
  const restricted = await connect();
  await redis.call("ACL", "SETUSER", "narrow", "on", ">secret", "~*", "&*", "+@all", "-bgrewriteaof");
  await restricted.call("AUTH", "narrow", "secret");
  expect(await rewriteAppendOnlyFiles(restricted)).toBe("not_allowed");
  restricted.disconnect();
  await redis.config("SET", "appendonly", "no");
  expect(await rewriteAppendOnlyFiles(redis)).toBe("off");
  await redis.config("SET", "appendonly", "yes");
});

test("chunks of timelines are looked at beyond the minutes that are still listed", async () => {
  const record = await newVenue();
  await feed(redis, record, [fixOf("a", 0, 0), fixOf(VICTIM, 0, 1)]);
  await evaluateVenue(dependencies(), record.venueId);
  const number = Number(await redis.hget(record.keys.devices, VICTIM));
  const requestedMs = (MINUTE + record.settings.retention_days * 1_440 + 1) * 60_000;
  await redis.zremrangebyrank(record.keys.minutes, 0, -1);
  await redis.unlink(record.keys.fixes(MINUTE), record.keys.pairs(MINUTE));
  await beginErasure(redis, record, VICTIM, requestedMs);
  await finishErasures(redis, [await reloaded(record)], Date.now, log);
  expect((await lookThrough(record, number)).holders).toEqual([]);
  expect(await redis.exists(record.keys.timeline(number, chunkOf(MINUTE)))).toBe(0);
});
