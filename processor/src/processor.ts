import type { EventEmitter } from "node:events";
import type { Running } from "@encounter/core/service/lifecycle";
import type { Logger } from "@encounter/core/service/log";
import { connectRedis, type RedisClient } from "@encounter/core/service/redis";
import {
  EVALUATE_QUEUE,
  type EvaluateJob,
  evaluateJobOptions,
  MAINTENANCE_QUEUE,
  type MaintenanceJob,
} from "@encounter/core/storage/jobs";
import { QUEUE_PREFIX } from "@encounter/core/storage/keys";
import { Queue, Worker } from "bullmq";
import { Backlog } from "./backlog.ts";
import type { ProcessorConfig } from "./config.ts";
import { ContactStore } from "./contact-store.ts";
import { finishAllErasures } from "./erasure/erasure-job.ts";
import { forgetExpired } from "./forgetting.ts";
import { loadVenues } from "./living-venues.ts";
import { maintain } from "./maintenance.ts";
import { ProcessorMetrics } from "./metrics.ts";
import { evaluateVenue } from "./proximity-job.ts";
import { sweep } from "./sweep.ts";
import { openTelemetryDoor } from "./telemetry-door.ts";

const SWEEP_INTERVAL_MS = 1_000;
const MINUTE_CLOSE = "minute-close";
/** A schedule that is lost in Redis stays lost until somebody makes it again: it is made this often. */
const SCHEDULE_INTERVAL_MS = 20_000;
/**
 * For how long a job stays with a worker that has died, ms, and how often workers look for such: until then its venue's
 * minute waits. BullMQ's own 30 s and 30 s came to 64 s. A worker that only stood still for longer does no harm: what
 * it stores is refused where another was faster.
 */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;

export interface ProcessorDependencies {
  readonly config: ProcessorConfig;
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly now: () => number;
}

export interface StartedProcessor extends Running {
  /** Where it tells health and metrics; null where it does not. */
  readonly telemetryUrl: string | null;
}

/** Starts the workers, the sweep, and the job at the close of each minute, which is done once at the start. */
export async function startProcessor(dependencies: ProcessorDependencies): Promise<StartedProcessor> {
  const { config, redis, log, now } = dependencies;
  const queueRedis = connectRedis(config.redisUrls, "worker", log);
  const bull = { connection: queueRedis, prefix: QUEUE_PREFIX, skipVersionCheck: true };
  const patience = { lockDuration: LOCK_MS, stalledInterval: STALLED_CHECK_MS };
  const queue = new Queue<EvaluateJob>(EVALUATE_QUEUE, bull);
  const maintenanceQueue = new Queue(MAINTENANCE_QUEUE, bull);
  const store = new ContactStore(redis);
  const backlog = new Backlog();
  const metrics = new ProcessorMetrics(backlog, now);
  const sweeping = { redis, queue, log, now, backlog };
  const sweepAll = async () => sweep(sweeping, await loadVenues(redis));
  const closeMinute = async () => {
    const records = await loadVenues(redis);
    await sweep(sweeping, records);
    await forgetExpired(redis, records, now());
    await finishAllErasures(redis, records, now, log);
  };
  const warn = (what: string) => (error: Error) => log.warn({ reason: error.message }, what);
  const evaluator = new Worker<EvaluateJob, number | null>(
    EVALUATE_QUEUE,
    (job) => evaluateVenue({ redis, store, log, now, onMinuteEvaluated: metrics.evaluated }, job.data.venueId),
    { ...bull, ...patience, concurrency: config.concurrency },
  );
  // Its turn was over before its work: it waits behind the others, not for the sweep.
  evaluator.on("completed", ({ data: { venueId } }, minute) => {
    if (minute === null) return;
    const job = { venueId, minute };
    void queue.add("evaluate", job, evaluateJobOptions(job)).catch(warn("wake-up"));
  });
  const maintainer = new Worker<MaintenanceJob>(
    MAINTENANCE_QUEUE,
    (job) => (job.name === MINUTE_CLOSE ? closeMinute() : maintain(redis, job.data, log, now)),
    // An erasure may wait for files to be written anew: the close of a minute does not.
    { ...bull, ...patience, concurrency: 2 },
  );
  for (const part of [queue, maintenanceQueue, evaluator, maintainer] as EventEmitter[]) {
    part.on("error", (error: Error) => log.warn({ reason: error.message }, "queue"));
    part.on("failed", (job: { name: string } | undefined, error: Error) => {
      metrics.failed();
      log.error({ job: job?.name, reason: error.message, stack: error.stack }, "job failed");
    });
  }
  await Promise.all([evaluator.waitUntilReady(), maintainer.waitUntilReady()]);
  const scheduleMinuteClose = () =>
    maintenanceQueue.upsertJobScheduler(
      MINUTE_CLOSE,
      { pattern: "* * * * *" },
      { name: MINUTE_CLOSE, opts: { removeOnComplete: true, removeOnFail: true } },
    );
  await scheduleMinuteClose();
  // What one that died had begun waits for nothing.
  void closeMinute().catch(warn("closing of the minute"));
  const stopScheduling = repeat(SCHEDULE_INTERVAL_MS, scheduleMinuteClose, warn("schedule"));
  const stopSweeping = repeat(SWEEP_INTERVAL_MS, sweepAll, warn("sweep"));
  const stopWatchingRedis = metrics.watchRedis(redis);
  const door = config.telemetryDoor === null ? null : await openTelemetryDoor(config.telemetryDoor, redis, metrics);

  return {
    telemetryUrl: door?.url ?? null,
    async stop() {
      await Promise.all([stopSweeping(), stopScheduling()]);
      stopWatchingRedis();
      await door?.stop();
      await Promise.all([evaluator.close(), maintainer.close()]);
      await Promise.all([queue.close(), maintenanceQueue.close()]);
      queueRedis.disconnect();
      redis.disconnect();
    },
  };
}

/** Does something again and again, a pause after each end; stopping waits for the one under way. */
function repeat(pauseMs: number, work: () => Promise<unknown>, onError: (error: Error) => void): () => Promise<void> {
  let isStopped = false;
  let wake = () => {};
  const loop = (async () => {
    while (!isStopped) {
      await work().catch(onError);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pauseMs).unref();
      });
    }
  })();
  return async () => {
    isStopped = true;
    wake();
    await loop;
  };
}
