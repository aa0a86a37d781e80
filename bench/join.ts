import { type Fix, toColumns } from "@encounter/core/domain/fix";
import { joinWithin } from "@encounter/core/domain/proximity";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { feed } from "../core/test/feed.ts";
import { findNewcomers } from "../processor/src/pair-finder.ts";
import { type Crowd, crowdMinute } from "./crowd.ts";
import { PairSet } from "./pair-set.ts";
import { searchPerDevice } from "./per-device.ts";
import { readUsage, spentIn } from "./redis-usage.ts";
import { atLeast, atMost, heading, short, table } from "./report.ts";
import { elapsedMs, inTurn, medianOf, type Sample, type Samples } from "./rounds.ts";
import { benchStoring } from "./store.ts";
import { createVenue, startWorld } from "./world.ts";

const DEVICES = 10_000;
const CAP_M = 5;
const ROUNDS = 7;
const MINUTE = 29_000_000;

/** Radii of good indoor positioning, and those of an ordinary venue out to the accuracy limit. */
const RADII: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 4],
];
const DENSITIES = [0.1, 1];

/** Commands that the processor's way sends: the tile's script, with what it calls and what Lua makes of it. */
const READING = ["eval", "evalsha", "zrange"];

interface Minute {
  readonly redis: RedisClient;
  readonly record: VenueRecord;
  readonly crowd: Crowd;
  readonly fixes: readonly Fix[];
  /** Index of a device's fix by its number in the store. */
  readonly positionOf: ReadonlyMap<string, number>;
}

/** One minute's pairs: bare join, the processor's way and a GEOSEARCH per device; then storing them. */
export async function benchJoin(seed: number): Promise<void> {
  heading("join: all pairs of one minute of 10,000 devices", [
    `cap ${CAP_M} m, one floor, devices spread evenly, accuracy radii spread evenly over the range given; seed ${seed}`,
    `medians of ${ROUNDS} rounds taken in turn, ms; pair sets asserted equal, gap and reach included`,
    "bare: grid join of fixes in memory; tiles: the processor's way (GEOSEARCH per tile, HMGET, join);",
    "per device: a names-only GEOSEARCH per device, pipelined, and the exact filter on fixes in memory (one round at 1/m²)",
  ]);
  const world = await startWorld();
  const rows: string[][] = [];
  try {
    for (const accuracyM of RADII) {
      for (const perSquareMetre of DENSITIES) {
        const minute = await fill(world.redis, { devices: DEVICES, perSquareMetre, accuracyM, seed });
        rows.push(await compare(minute));
      }
    }
    table(["", "pairs", "bare", "tiles", "of it Redis", "tiles / bare", "per device", "per device / tiles"], rows);
    await benchStoring(world.redis, seed);
  } finally {
    await world.end();
  }
}

async function fill(redis: RedisClient, crowd: Crowd): Promise<Minute> {
  const name = `${crowd.perSquareMetre}/m², radii ${crowd.accuracyM.join("..")} m`;
  const record = await createVenue(redis, name, { cap: CAP_M, retention_days: 3_650 });
  const fixes = crowdMinute(crowd, MINUTE);
  await feed(redis, record, fixes);
  const numbers = await redis.hgetall(record.keys.devices);
  const positionOf = new Map(fixes.map((fix, index) => [numbers[fix.deviceId] as string, index]));
  return { redis, record, crowd, fixes, positionOf };
}

async function compare(minute: Minute): Promise<string[]> {
  const isDense = minute.crowd.perSquareMetre >= 1;
  const pairs = joinedPairs(minute);
  (await tiledPairs(minute)).assertEqual(pairs);
  (await searchedPairs(minute)).assertEqual(pairs);

  const columns = toColumns(minute.fixes);
  const bare = async (): Promise<Sample> => ({ ms: await elapsedMs(() => void joinWithin(columns, CAP_M)) });
  const tiles = async (): Promise<Sample> => {
    const before = await readUsage(minute.redis);
    const ms = await elapsedMs(() => find(minute));
    const after = await readUsage(minute.redis);
    return { ms, redisMs: spentIn(READING, before, after) / 1_000 };
  };
  const perDevice = async (): Promise<Sample> => ({ ms: await elapsedMs(() => search(minute, () => {})) });
  const taken = isDense
    ? { ...(await inTurn(ROUNDS, { bare, tiles })), perDevice: [await perDevice()] }
    : await inTurn(ROUNDS, { bare, tiles, perDevice });
  return describe(minute, pairs.size, taken, isDense);
}

function describe(
  { record }: Minute,
  pairs: number,
  taken: { bare: Samples; tiles: Samples; perDevice: Samples },
  isDense: boolean,
): string[] {
  const bareMs = medianOf(taken.bare, "ms");
  const tilesMs = medianOf(taken.tiles, "ms");
  const perDeviceMs = medianOf(taken.perDevice, "ms");
  const toBare = tilesMs / bareMs;
  const toPerDevice = perDeviceMs / tilesMs;
  return [
    record.venueId,
    short(pairs),
    short(bareMs),
    short(tilesMs),
    short(medianOf(taken.tiles, "redisMs")),
    isDense ? `${short(toBare)} (${atMost(toBare, 4)})` : short(toBare),
    short(perDeviceMs),
    isDense ? short(toPerDevice) : `${short(toPerDevice)} (${atLeast(toPerDevice, 8)})`,
  ];
}

function find({ redis, record, crowd }: Minute) {
  return findNewcomers(redis, record, MINUTE, { from: 0, to: crowd.devices }, crowd.accuracyM[1]);
}

function search(
  { redis, record, fixes, positionOf }: Minute,
  found: (a: number, b: number, gapM: number, reachM: number) => void,
): Promise<void> {
  return searchPerDevice(redis, record.keys.index(MINUTE, 0), fixes, positionOf, CAP_M, found);
}

function joinedPairs({ fixes, crowd }: Minute): PairSet {
  const set = new PairSet(crowd.devices);
  const { count, newer, older, gapDm, reachDm } = joinWithin(toColumns(fixes), CAP_M);
  for (let i = 0; i < count; i++) {
    set.add(newer[i] as number, older[i] as number, gapDm[i] as number, reachDm[i] as number);
  }
  return set;
}

async function tiledPairs(minute: Minute): Promise<PairSet> {
  const set = new PairSet(minute.crowd.devices);
  const position = (deviceNumber: number) => minute.positionOf.get(String(deviceNumber)) as number;
  for (const { deviceNumber, start, end, pairs, fixes } of await find(minute)) {
    const self = position(deviceNumber);
    for (let at = start; at < end; at++) {
      const other = fixes.deviceNumber[pairs.older[at] as number] as number;
      set.add(self, position(other), pairs.gapDm[at] as number, pairs.reachDm[at] as number);
    }
  }
  return set;
}

async function searchedPairs(minute: Minute): Promise<PairSet> {
  const set = new PairSet(minute.crowd.devices);
  const upToDm = (lengthM: number) => Math.ceil(Math.round(lengthM * 1e6) / 1e5);
  await search(minute, (a, b, gapM, reachM) => set.add(a, b, upToDm(gapM), upToDm(reachM)));
  return set;
}
