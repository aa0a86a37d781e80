import { createLog } from "@encounter/core/service/log";
import { connectRedis, untilReady } from "@encounter/core/service/redis";
import { VenueEditor } from "@encounter/core/service/venue-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { feed } from "../../core/test/feed.ts";
import { startRedisServer, type TestRedis } from "../../core/test/redis-server.ts";
import { readConfig } from "../src/config.ts";
import { startProcessor } from "../src/processor.ts";

const log = createLog("test", "silent");
const MINUTE = Math.floor(Date.now() / 60_000) - 500;
/** Each turn takes 16 of them. */
const MINUTES = 320;
let server: TestRedis;

beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

test("a venue whose turn was over before its work goes on at once, not with the next sweep", async () => {
  const redis = connectRedis([server.url], "worker", log);
  const reader = connectRedis([server.url], "worker", log);
  await Promise.all([redis, reader].map((client) => untilReady(client, [server.url], 5_000)));
  const saved = await new VenueEditor(reader).save("hall", {});
  if (!("record" in saved)) throw new Error(saved.outcome);
  const { record } = saved;
  const place = { longitude: 13.4, latitude: 52.5, floor: 0, accuracyM: 1 };
  const fixes = Array.from({ length: MINUTES }, (_, n) =>
    ["a", "b"].map((deviceId) => ({ deviceId, fixTimeMs: (MINUTE + n) * 60_000, ...place })),
  ).flat();
  await feed(reader, record, fixes);
  // Whoever looks at this clock has had their turn.
  let nowMs = Date.now();
  const now = () => {
    nowMs += 5_001;
    return nowMs;
  };
  const processor = await startProcessor({ config: readConfig({ REDIS_URL: server.url }), redis, log, now });
  // A turn a second would be 20 seconds.
  await expect.poll(() => reader.exists(record.keys.pending), { interval: 20, timeout: 15_000 }).toBe(0);
  expect(Number(await reader.hget(record.keys.state, "unevaluated"))).toBe(0);
  await processor.stop();
  reader.disconnect();
});
