import type { RedisClient } from "@encounter/core/service/redis";
import { CHUNK_MINUTES } from "@encounter/core/storage/keys";
import { feed } from "../core/test/feed.ts";
import { ContactStore } from "../processor/src/contact-store.ts";
import { findNewcomers } from "../processor/src/pair-finder.ts";
import { type Crowd, crowdMinute } from "./crowd.ts";
import { readUsage } from "./redis-usage.ts";
import { heading, short, table } from "./report.ts";
import { createVenue, startWorld } from "./world.ts";

const CAP_M = 5;
const MINUTES = 10;
/** The first of a timeline chunk, so that the minutes share it as they do in four hours. */
const FIRST_MINUTE = 120_900 * CHUNK_MINUTES;

const CROWDS: readonly (Omit<Crowd, "seed"> & { about: string })[] = [
  { about: "10,000 devices at 0.1/m²", devices: 10_000, perSquareMetre: 0.1, accuracyM: [1, 4] },
  { about: "10,000 devices at 0.01/m²", devices: 10_000, perSquareMetre: 0.01, accuracyM: [1, 4] },
  { about: "300 devices at 0.05/m²", devices: 300, perSquareMetre: 0.05, accuracyM: [1, 4] },
];

/** What Redis keeps of a minute's fix and of a pair-minute, and for how long. */
export async function benchMemory(seed: number): Promise<void> {
  heading("memory: bytes of Redis per minute's fix and per pair-minute", [
    `${MINUTES} minutes, cap ${CAP_M} m, seed ${seed}; used_memory before and after, by MEMORY USAGE what each kind of key holds`,
    "fix: the minute's fix, kept for the retention; index: its place in the geo set, kept for an hour;",
    "pair: in the minute's list and in both devices' timelines, kept for the retention",
  ]);
  const rows: string[][] = [];
  for (const crowd of CROWDS) rows.push(await measure({ ...crowd, seed }, crowd.about));
  table(["", "pairs a fix", "fix", "index", "pair", "of it raw"], rows);
}

/** What a pair-minute's records alone take: 12 bytes in the list, 9 in each timeline. */
const RAW_PAIR_BYTES = 30;

async function measure(crowd: Crowd, about: string): Promise<string[]> {
  const world = await startWorld();
  try {
    const { redis } = world;
    const record = await createVenue(redis, "memory", { cap: CAP_M, retention_days: 3_650 });
    const store = new ContactStore(redis);
    // One minute first: devices' names and numbers are no cost of a minute.
    const spend = async (minute: number) => {
      await feed(redis, record, crowdMinute(crowd, minute));
      const afterFeed = (await readUsage(redis)).memoryBytes;
      const span = { from: 0, to: crowd.devices };
      const newcomers = await findNewcomers(redis, record, minute, span, crowd.accuracyM[1]);
      await store.store(record, minute, span, newcomers);
      const pairs = newcomers.reduce((sum, { start, end }) => sum + end - start, 0);
      return { pairs, pairBytes: (await readUsage(redis)).memoryBytes - afterFeed };
    };
    await spend(FIRST_MINUTE);
    await redis.unlink(record.keys.stream);
    let pairs = 0;
    let pairBytes = 0;
    for (let minute = FIRST_MINUTE + 1; minute <= FIRST_MINUTE + MINUTES; minute++) {
      const spent = await spend(minute);
      pairs += spent.pairs;
      pairBytes += spent.pairBytes;
    }
    const minute = FIRST_MINUTE + MINUTES;
    const fixBytes = await memoryOf(redis, record.keys.fixes(minute));
    const indexBytes = await memoryOf(redis, record.keys.index(minute, 0));
    return [
      about,
      short(pairs / MINUTES / crowd.devices),
      short(fixBytes / crowd.devices),
      short(indexBytes / crowd.devices),
      short(pairBytes / pairs),
      short(RAW_PAIR_BYTES),
    ];
  } finally {
    await world.end();
  }
}

async function memoryOf(redis: RedisClient, key: string): Promise<number> {
  return Number(await redis.memory("USAGE", key, "SAMPLES", "0"));
}
