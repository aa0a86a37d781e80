import { setTimeout as pause } from "node:timers/promises";
import { MAINTENANCE_QUEUE } from "@encounter/core/storage/jobs";
import { QUEUE_PREFIX } from "@encounter/core/storage/keys";
import type { Scenario, Stage } from "../scenario.ts";
import type { RedisConnection } from "../system/redis-process.ts";

const SCHEDULERS = `${QUEUE_PREFIX}:${MAINTENANCE_QUEUE}:repeat`;
/** Within this the schedule is there again. */
const BACK_MS_MAX = 60_000;

async function schedulers(redis: RedisConnection): Promise<string[]> {
  return redis.zrange(SCHEDULERS, "0", "-1");
}

/** Every key of the scheduler and of the jobs it has made. */
async function deleteScheduler(redis: RedisConnection): Promise<number> {
  const keys = await redis.keys(`${SCHEDULERS}*`);
  const jobs = await redis.keys(`${QUEUE_PREFIX}:${MAINTENANCE_QUEUE}:delayed`);
  await redis.del(...keys, ...jobs);
  return keys.length + jobs.length;
}

async function deletedScheduler(stage: Stage): Promise<void> {
  const redis = stage.system.privateRedis;
  await stage.startLoad();
  const deleted = await redis.ask(deleteScheduler);
  stage.expect(deleted > 0, "there was no scheduler to delete");
  const startedMs = performance.now();
  while ((await redis.ask(schedulers)).length === 0) {
    if (performance.now() - startedMs > BACK_MS_MAX) {
      stage.expect(false, "the scheduler that was deleted was not there again within 60 s");
      return;
    }
    await pause(250);
  }
  stage.note(`the scheduler was there again after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}

/** A second scheduler of the same jobs, as another version of the program might have left it. */
async function doubledScheduler(stage: Stage): Promise<void> {
  const redis = stage.system.privateRedis;
  await stage.startLoad();
  await redis.ask(async (client) => {
    const [name] = await schedulers(client);
    if (name === undefined) throw new Error("there is no scheduler to double");
    const [hash, score] = [await client.hgetall(`${SCHEDULERS}:${name}`), await client.zscore(SCHEDULERS, name)];
    await client.hset(`${SCHEDULERS}:${name}-twin`, hash);
    await client.zadd(SCHEDULERS, score ?? "0", `${name}-twin`);
  });
  const { processor } = stage.system.services;
  await processor.killAndRestart();
  await pause(1_000);
}

export const schedulerScenarios: readonly Scenario[] = [
  {
    name: "scheduler-deleted",
    about: "the keys of BullMQ's scheduler deleted: it comes back, and nothing waits for it",
    isShort: false,
    run: deletedScheduler,
  },
  {
    name: "scheduler-doubled",
    about: "a second scheduler of the same jobs, and a processor started with both",
    isShort: true,
    run: doubledScheduler,
  },
];
