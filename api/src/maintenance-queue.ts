import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { MAINTENANCE_QUEUE, type MaintenanceJob } from "@encounter/core/storage/jobs";
import { QUEUE_PREFIX } from "@encounter/core/storage/keys";
import { Queue } from "bullmq";

/** A purge must find its venue ended; it is asked for a moment before. */
const PURGE_DELAY_MS = 1_000;
const ATTEMPTS = 10;

/** Hands housekeeping to the processors. */
export class MaintenanceQueue {
  private readonly queue: Queue<MaintenanceJob>;

  constructor(redis: RedisClient, log: Logger) {
    this.queue = new Queue<MaintenanceJob>(MAINTENANCE_QUEUE, {
      connection: redis,
      prefix: QUEUE_PREFIX,
      skipVersionCheck: true,
    });
    this.queue.on("error", (error) => log.warn({ reason: error.message }, "maintenance queue"));
  }

  /** Asks for housekeeping. Once this resolves it will be done, whatever is killed. Rejects where Redis is away. */
  readonly enqueue = async (job: MaintenanceJob): Promise<void> => {
    await this.queue.add(job.kind, job, {
      delay: job.kind === "purge" ? PURGE_DELAY_MS : 0,
      attempts: ATTEMPTS,
      backoff: { type: "exponential", delay: 1_000 },
      removeOnComplete: true,
      removeOnFail: 100,
    });
  };

  async stop(): Promise<void> {
    await this.queue.close();
  }
}
