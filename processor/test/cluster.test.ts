import { beginErasure, readErasure } from "@encounter/core/service/erasure-store";
import { createLog } from "@encounter/core/service/log";
import { connectRedis, type RedisClient, readEpoch, untilReady } from "@encounter/core/service/redis";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendOnlyBytes, formsOf, keysThatHold } from "../../core/test/everything-stored.ts";
import { feed } from "../../core/test/feed.ts";
import { startRedisCluster, type TestCluster } from "../../core/test/redis-cluster.ts";
import { readConfig } from "../src/config.ts";
import { startProcessor } from "../src/processor.ts";

// What the services do as users of a Redis Cluster, in so many venues that each of its masters holds some.
const log = createLog("test", "silent");
const MINUTE = Math.floor(Date.now() / 60_000) - 5;
const VICTIM = "phone of 4711/*";
const VENUES = 12;
let cluster: TestCluster;
const clients: Partial<Record<string, RedisClient>> = {};

beforeAll(async () => {
  cluster = await startRedisCluster();
  await Promise.all(cluster.masters.map((master) => master.config("SET", "rdbcompression", "no")));
});
afterAll(async () => {
  for (const client of Object.values(clients)) client?.disconnect();
  await cluster.stop();
});

async function as(user: string, use: "producer" | "worker"): Promise<RedisClient> {
  const urls = cluster.urlsFor(user);
  const client = connectRedis(urls, use, log);
  clients[user] = client;
  await untilReady(client, urls, 10_000);
  return client;
}

/** How often each master wrote its files anew. */
const rewrites = () =>
  Promise.all(
    cluster.masters.map(async (master) => Number(/^aof_rewrites:(\d+)/m.exec(await master.info("persistence"))?.[1])),
  );

const people = [VICTIM, "a", "b"].map((deviceId, place) => ({
  deviceId,
  fixTimeMs: MINUTE * 60_000,
  longitude: place / 111_320,
  latitude: 0,
  floor: 0,
  accuracyM: 1,
}));

test("on a cluster, as its users, devices are stored, evaluated and erased, and Redis refuses nothing", async () => {
  const ingest = await as("ingest", "producer");
  const api = await as("api", "producer");
  const urls = cluster.urlsFor("processor");
  const redis = connectRedis(urls, "worker", log);
  const processor = await startProcessor({ config: readConfig({ REDIS_URL: urls.join() }), redis, log, now: Date.now });
  try {
    expect(await readEpoch(ingest)).toMatch(/^[0-9a-f]{8}$/);
    const records: VenueRecord[] = [];
    for (let n = 0; n < VENUES; n++) {
      const saved = await new VenueEditor(api).save(`venue ${n}`, { cap: 10 });
      if (!("record" in saved)) throw new Error(saved.outcome);
      records.push(saved.record);
      expect(await feed(ingest, saved.record, people)).toEqual([true, true, true]);
    }
    const pairsOf = ({ keys }: VenueRecord) => api.strlen(keys.pairs(MINUTE));
    await expect.poll(() => Promise.all(records.map(pairsOf))).not.toContain(0);
    await expect.poll(() => Promise.all(records.map(({ keys }) => api.exists(keys.pending)))).not.toContain(1);
    const held = await Promise.all(cluster.masters.map((master) => keysThatHold(master, formsOf(VICTIM))));
    expect(held.every((names) => names.length > 0)).toBe(true);

    const rewritesBefore = await rewrites();
    const begun = records.map(async (record) => (await beginErasure(api, record, VICTIM, Date.now()))?.id ?? "");
    const ids = await Promise.all(begun);
    const receipts = () => Promise.all(records.map((record, n) => readErasure(api, record, ids[n] ?? "")));
    // Nobody asked for it: another processor starts, and finds what is open.
    const second = connectRedis(urls, "worker", log);
    const another = await startProcessor({
      config: readConfig({ REDIS_URL: urls.join() }),
      redis: second,
      log,
      now: Date.now,
    });
    await expect
      .poll(async () => (await receipts()).map((receipt) => receipt?.files))
      .toEqual(ids.map(() => "rewritten"));
    await another.stop();
    for (const receipt of await receipts()) expect(receipt?.removed).toMatchObject({ fixes: 1, pairMinutes: 2 });
    for (const master of cluster.masters) {
      expect(await keysThatHold(master, formsOf(VICTIM))).toEqual([]);
      const files = await appendOnlyBytes(master);
      expect(formsOf(VICTIM).filter((form) => files.includes(form))).toEqual([]);
    }
    expect((await rewrites()).every((count, n) => count > (rewritesBefore[n] ?? 0))).toBe(true);
  } finally {
    await processor.stop();
  }
  for (const master of cluster.masters) expect(await master.call("ACL", "LOG")).toEqual([]);
});
