import type { RedisClient } from "@encounter/core/service/redis";
import { CHUNK_MINUTES } from "@encounter/core/storage/keys";
import { feed } from "../core/test/feed.ts";
import { ContactStore } from "../processor/src/contact-store.ts";
import { findNewcomers } from "../processor/src/pair-finder.ts";
import { type Crowd, crowdMinute } from "./crowd.ts";
import { readUsage, spentIn } from "./redis-usage.ts";
import { atMost, heading, short, table } from "./report.ts";
import { medianOf, type Sample } from "./rounds.ts";
import { createVenue } from "./world.ts";

const DEVICES = 10_000;
const CAP_M = 5;
const MINUTES = 6;
/** The first of a timeline chunk, so that the minutes share it as they do in four hours. */
const FIRST_MINUTE = 120_900 * CHUNK_MINUTES;
const TARGET_US = 3;

/** What storing a minute's pairs costs, per pair-minute. */
export async function benchStoring(redis: RedisClient, seed: number): Promise<void> {
  heading("storing: the minute's pairs, both devices' timelines, devices' first and last fix", [
    `10,000 devices, radii 0..1 m, cap ${CAP_M} m; medians of ${MINUTES - 1} minutes after a first one; µs per pair-minute; seed ${seed}`,
    "script: EVALSHA as Redis counts it, the commands within included once; process: all CPU of redis-server (also sockets and file);",
    "Node: all CPU of the process that stores (packing, encoding, sending)",
  ]);
  const rows: string[][] = [];
  for (const perSquareMetre of [1, 0.1, 0.01]) {
    const crowd = { devices: DEVICES, perSquareMetre, accuracyM: [0, 1] as const, seed };
    const samples = await storeMinutes(redis, crowd);
    const scriptUs = medianOf(samples, "scriptUs");
    const nodeUs = medianOf(samples, "nodeUs");
    rows.push([
      `${perSquareMetre}/m²`,
      short(medianOf(samples, "pairs")),
      `${short(scriptUs)} (${atMost(scriptUs, TARGET_US)})`,
      short(medianOf(samples, "processUs")),
      `${short(nodeUs)} (${atMost(nodeUs, TARGET_US)})`,
    ]);
  }
  table(["", "pairs a minute", "Redis script", "Redis process", "Node"], rows);
}

async function storeMinutes(redis: RedisClient, crowd: Crowd): Promise<Sample[]> {
  const record = await createVenue(redis, `storing ${crowd.perSquareMetre}`, { cap: CAP_M, retention_days: 3_650 });
  const store = new ContactStore(redis);
  const span = { from: 0, to: DEVICES };
  const samples: Sample[] = [];
  for (let minute = FIRST_MINUTE; minute < FIRST_MINUTE + MINUTES; minute++) {
    await feed(redis, record, crowdMinute(crowd, minute));
    const newcomers = await findNewcomers(redis, record, minute, span, crowd.accuracyM[1]);
    const pairs = newcomers.reduce((sum, { start, end }) => sum + end - start, 0);
    const before = await readUsage(redis);
    const cpuBefore = process.cpuUsage();
    const { outcome } = await store.store(record, minute, span, newcomers);
    const cpu = process.cpuUsage(cpuBefore);
    const after = await readUsage(redis);
    if (outcome !== "stored") throw new Error(`minute not stored: ${outcome}`);
    samples.push({
      pairs,
      scriptUs: spentIn(["eval", "evalsha"], before, after) / pairs,
      processUs: (after.cpuUs - before.cpuUs) / pairs,
      nodeUs: (cpu.user + cpu.system) / pairs,
    });
  }
  return samples.slice(1);
}
