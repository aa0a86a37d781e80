import { createLog } from "@encounter/core/service/log";
import { connectRedis } from "@encounter/core/service/redis";
import { EVALUATE_QUEUE } from "@encounter/core/storage/jobs";
import { QUEUE_PREFIX } from "@encounter/core/storage/keys";
import { Queue } from "bullmq";
import { expect, test, vi } from "vitest";
import { startRedisServer } from "../../core/test/redis-server.ts";
import { Wakeups } from "../src/wakeups.ts";

test("while Redis does not answer, so many wake-ups wait and no more, one a venue", async () => {
  const server = await startRedisServer();
  const log = createLog("test", "silent");
  const redis = connectRedis([server.url], "worker", log);
  const queue = new Queue(EVALUATE_QUEUE, { connection: redis, prefix: QUEUE_PREFIX, skipVersionCheck: true });
  const wakeups = new Wakeups(redis, log, Date.now, 3);
  await queue.waitUntilReady();
  server.pause();
  for (let i = 0; i < 10; i++) for (let again = 0; again < 2; again++) wakeups.wake(`venue ${i}`, 1);
  expect(wakeups.underWay).toBe(3);
  server.resume();
  await vi.waitFor(() => expect(wakeups.underWay).toBe(0));
  expect((await queue.getWaiting()).map(({ data }) => data.venueId).sort()).toEqual(["venue 0", "venue 1", "venue 2"]);
  wakeups.wake("venue 9", 1);
  await vi.waitFor(async () => expect(await queue.getWaitingCount()).toBe(4));
  await Promise.all([wakeups.stop(), queue.close()]);
  redis.disconnect();
  await server.stop();
});
