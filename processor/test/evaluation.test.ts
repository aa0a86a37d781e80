import type { Fix } from "@encounter/core/domain/fix";
import { metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import { minuteOf } from "@encounter/core/domain/minute";
import { nearness } from "@encounter/core/domain/proximity";
import { createLog } from "@encounter/core/service/log";
import { readMinuteFixes, readMinutePairs } from "@encounter/core/service/minute-store";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { chunkOf } from "@encounter/core/storage/keys";
import { readTimeline } from "@encounter/core/storage/records";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { feed } from "../../core/test/feed.ts";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { ContactStore } from "../src/contact-store.ts";
import { evaluateMinute, evaluateVenue, type MinuteEvaluated } from "../src/proximity-job.ts";

const log = createLog("test", "silent");
const NOW_MS = Math.floor(Date.now() / 60_000) * 60_000;
let server: TestRedis;
let redis: RedisClient;
let store: ContactStore;
let venues = 0;

beforeAll(async () => {
  server = await startRedisServer();
  redis = connectRedis([server.url], "worker", log);
  await untilReady(redis, [server.url], 5_000);
  store = new ContactStore(redis);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function newVenue(cap: number): Promise<VenueRecord> {
  const change = { cap, proximity: Math.min(5, cap), max_accuracy: 50 };
  const saved = await new VenueEditor(redis).save(`venue ${venues++}`, change);
  if (!("record" in saved)) throw new Error(`venue not created: ${saved.outcome}`);
  return saved.record;
}

const dependencies = () => ({ redis, store, log, now: Date.now });

interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

/** Device, minutes before now, east and north as shares of the spread, accuracy radius, floor. */
type Seed = readonly [device: number, minute: number, east: number, north: number, accuracyM: number, floor: number];

/** A crowd of devices over some minutes about a place; a device may be reported twice in a minute. */
function crowd(place: Place, spreadM: number, seeds: readonly Seed[]): Fix[] {
  return seeds.map(([device, minute, east, north, accuracyM, floor]) => {
    const turned = place.longitude + (east * spreadM) / metresPerDegreeEast(place.latitude);
    return {
      deviceId: `d${device}`,
      fixTimeMs: NOW_MS - minute * 60_000 + device,
      longitude: turned > 180 ? turned - 360 : turned,
      latitude: Math.min(85.05112878, place.latitude + (north * spreadM) / metresPerDegreeNorth(place.latitude)),
      floor,
      accuracyM,
    };
  });
}

const seed: fc.Arbitrary<Seed> = fc.tuple(
  fc.integer({ min: 0, max: 25 }),
  fc.integer({ min: 0, max: 4 }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.5, 1, 2.5, 4),
  fc.constantFrom(0, 0, 0, 1),
);

/** Every pair-minute by definition: first accepted fix of a device and minute, all pairs, `gap <= cap`. */
function bruteForce(fixes: readonly Fix[], cap: number): string[] {
  const first = new Map<string, Fix>();
  for (const fix of fixes) {
    const key = `${minuteOf(fix.fixTimeMs)} ${fix.deviceId}`;
    if (!first.has(key)) first.set(key, fix);
  }
  const kept = [...first.values()];
  const lines = kept.flatMap((a, i) =>
    kept.slice(0, i).flatMap((b) => {
      if (a.floor !== b.floor || minuteOf(a.fixTimeMs) !== minuteOf(b.fixTimeMs)) return [];
      const { gapM, reachM } = nearness(a, b);
      return gapM <= cap ? [line(minuteOf(a.fixTimeMs), a.deviceId, b.deviceId, upToDm(gapM), upToDm(reachM))] : [];
    }),
  );
  return lines.sort();
}

function line(minute: number, a: string, b: string, gapDm: number, reachDm: number): string {
  return `${minute} ${a < b ? `${a} ${b}` : `${b} ${a}`} ${gapDm} ${reachDm}`;
}

function upToDm(lengthM: number): number {
  return Math.ceil(Math.round(lengthM * 1e6) / 1e5);
}

async function minutesOf(record: VenueRecord): Promise<number[]> {
  return (await redis.zrange(record.keys.minutes, "0", "-1")).map(Number);
}

/** Every pair-minute as stored in the minutes' lists. */
async function storedInMinutes(record: VenueRecord): Promise<string[]> {
  const names = await redis.hgetall(record.keys.names);
  const lines: string[] = [];
  for (const minute of await minutesOf(record)) {
    for (const { newer, older, gapDm, reachDm } of await readMinutePairs(redis, record.keys, minute)) {
      lines.push(line(minute, names[newer] as string, names[older] as string, gapDm, reachDm));
    }
  }
  return lines.sort();
}

/** Every pair-minute as stored in the devices' timelines, each of the two devices' own. */
async function storedInTimelines(record: VenueRecord): Promise<string[]> {
  const names = await redis.hgetall(record.keys.names);
  const chunks = new Set((await minutesOf(record)).map(chunkOf));
  const lines: string[] = [];
  for (const [number, name] of Object.entries(names)) {
    for (const chunk of chunks) {
      const list = await redis.getBuffer(record.keys.timeline(Number(number), chunk));
      for (const { other, minute, gapDm, reachDm } of list === null ? [] : readTimeline(chunk, list)) {
        lines.push(line(minute, name, names[other] as string, gapDm, reachDm));
      }
    }
  }
  return lines.sort();
}

async function expectStored(record: VenueRecord, expected: readonly string[]): Promise<void> {
  expect(await storedInMinutes(record)).toEqual(expected);
  expect(await storedInTimelines(record)).toEqual(expected.flatMap((each) => [each, each]));
  expect(Number(await redis.hget(record.keys.state, "unevaluated"))).toBe(0);
  expect(await redis.exists(record.keys.pending)).toBe(0);
}

const PLACES: [name: string, place: Place][] = [
  ["0°, 0°", { longitude: 0, latitude: 0 }],
  ["a mid latitude", { longitude: 9.0025, latitude: 47.3 }],
  ["84.9° on the antimeridian", { longitude: 180, latitude: 84.9 }],
  ["the latitude limit", { longitude: -45, latitude: 85.0511 }],
  ["the antimeridian", { longitude: 180, latitude: -20 }],
];

describe("evaluation equals brute force", () => {
  for (const [name, place] of PLACES) {
    for (const spreadM of [15, 2_000]) {
      test(`at ${name}, a crowd ${spreadM} m wide, in any batches`, async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(seed, { minLength: 2, maxLength: 120 }),
            fc.constantFrom(5, 10, 25),
            fc.integer({ min: 1, max: 50 }),
            async (seeds, cap, batchSize) => {
              const record = await newVenue(cap);
              const fixes = crowd(place, spreadM, seeds);
              const half = Math.floor(fixes.length / 2);
              await feed(redis, record, fixes.slice(0, half), batchSize);
              await evaluateVenue(dependencies(), record.venueId);
              await feed(redis, record, fixes.slice(half), batchSize);
              await evaluateVenue(dependencies(), record.venueId);
              await expectStored(record, bruteForce(fixes, cap));
            },
          ),
          { numRuns: 12 },
        );
      });
    }
  }
});

const HERE = { longitude: 5, latitude: 50 };
const THREE: readonly Seed[] = [
  [1, 0, 0, 0, 1, 0],
  [2, 0, 0.1, 0, 1, 0],
  [3, 0, 0.2, 0, 1, 0],
];

test("a fix that comes after the minute's index expired is evaluated from the exact fixes", async () => {
  const record = await newVenue(10);
  const fixes = crowd(HERE, 10, THREE);
  await feed(redis, record, fixes.slice(0, 2));
  await evaluateVenue(dependencies(), record.venueId);
  const minute = minuteOf(NOW_MS);
  await redis.unlink(record.keys.cells(minute), record.keys.index(minute, 0));
  await feed(redis, record, fixes.slice(2));
  await evaluateVenue(dependencies(), record.venueId);
  await expectStored(record, bruteForce(fixes, 10));
});

test("workers that evaluate the same minute at once store every pair once", async () => {
  const record = await newVenue(10);
  const seeds = Array.from({ length: 300 }, (_, i): Seed => [i, 0, Math.sin(i), Math.cos(i * 7), 1, 0]);
  const fixes = crowd(HERE, 30, seeds);
  const told = { fixes: 0, pairs: 0 };
  const onMinuteEvaluated = (done: MinuteEvaluated) => {
    told.fixes += done.fixes;
    told.pairs += done.pairs;
  };
  const work = { ...dependencies(), onMinuteEvaluated };
  for (let at = 0; at < fixes.length; at += 60) {
    await feed(redis, record, fixes.slice(at, at + 60));
    await Promise.all(Array.from({ length: 6 }, () => evaluateMinute(work, record, minuteOf(NOW_MS))));
  }
  await evaluateVenue(work, record.venueId);
  const expected = bruteForce(fixes, 10);
  expect(expected.length).toBeGreaterThan(1_000);
  await expectStored(record, expected);
  expect(told, "what is counted for the metrics").toEqual({ fixes: fixes.length, pairs: expected.length });
});

test("a deleted venue's running evaluation writes nothing", async () => {
  const record = await newVenue(10);
  await feed(redis, record, crowd(HERE, 5, THREE));
  await new VenueEditor(redis).delete(record);
  expect(await evaluateMinute(dependencies(), record, minuteOf(NOW_MS))).toBe("gone");
  expect(await redis.exists(record.keys.pairs(minuteOf(NOW_MS)))).toBe(0);
});

test("fixes that expired before they were evaluated do not stay pending", async () => {
  const record = await newVenue(10);
  await feed(redis, record, crowd(HERE, 5, THREE));
  await redis.unlink(record.keys.fixes(minuteOf(NOW_MS)));
  await evaluateVenue(dependencies(), record.venueId);
  await expectStored(record, []);
});

test("a stored fix reads back as it was sent, and a second one of its minute is repeated", async () => {
  const record = await newVenue(10);
  const place = { longitude: -179.123456789012, latitude: 0.1 + 0.2, floor: -100, accuracyM: 3.3 };
  const fix = { deviceId: "ä/:{}*", fixTimeMs: NOW_MS + 59_999, ...place };
  expect(await feed(redis, record, [fix, { ...fix, accuracyM: 1 }], 1)).toEqual([true, false]);
  const [stored] = await readMinuteFixes(redis, record.keys, minuteOf(NOW_MS));
  expect(stored).toMatchObject({ fixTimeMs: fix.fixTimeMs, ...place });
  expect(await redis.hget(record.keys.names, String(stored?.deviceNumber))).toBe(fix.deviceId);
});
