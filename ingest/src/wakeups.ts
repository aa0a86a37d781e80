import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { EVALUATE_QUEUE, type EvaluateJob, evaluateJobOptions } from "@encounter/core/storage/jobs";
import { QUEUE_PREFIX } from "@encounter/core/storage/keys";
import { Queue } from "bullmq";

/** A venue is woken at most this often by one ingest, ms: well within the 2 s that a line may take to appear. */
const WAKE_INTERVAL_MS = 500;

/** Wake-ups on their way to Redis; while there are so many, none is sent: the sweep finds what has to be done. */
const UNDER_WAY_MAX = 1_000;

/**
 * Wakes the processors when a venue has new fixes. One that is lost costs a second at most: processors look for
 * pending fixes themselves, so nothing here is retried.
 */
export class Wakeups {
  private readonly queue: Queue<EvaluateJob>;
  private readonly log: Logger;
  private readonly now: () => number;
  private readonly underWayMax: number;
  /** Wake-ups that Redis has not confirmed. */
  underWay = 0;
  private readonly lastWakeMs = new Map<string, number>();

  constructor(redis: RedisClient, log: Logger, now: () => number, underWayMax = UNDER_WAY_MAX) {
    this.underWayMax = underWayMax;
    this.log = log;
    this.now = now;
    this.queue = new Queue<EvaluateJob>(EVALUATE_QUEUE, {
      connection: redis,
      prefix: QUEUE_PREFIX,
      skipVersionCheck: true,
    });
    this.queue.on("error", (error) => log.warn({ reason: error.message }, "wake-up queue"));
  }

  wake(venueId: string, minute: number): void {
    const nowMs = this.now();
    if (this.underWay >= this.underWayMax) return;
    if (nowMs - (this.lastWakeMs.get(venueId) ?? 0) < WAKE_INTERVAL_MS) return;
    this.forgetOld(nowMs);
    this.lastWakeMs.set(venueId, nowMs);
    const job = { venueId, minute };
    this.underWay += 1;
    this.queue
      .add("evaluate", job, evaluateJobOptions(job))
      .catch((error: Error) => this.log.warn({ reason: error.message }, "wake-up not sent"))
      .finally(() => {
        this.underWay -= 1;
      });
  }

  private forgetOld(nowMs: number): void {
    if (this.lastWakeMs.size < 1_000) return;
    for (const [venueId, wokenMs] of this.lastWakeMs) {
      if (nowMs - wokenMs > WAKE_INTERVAL_MS) this.lastWakeMs.delete(venueId);
    }
  }

  async stop(): Promise<void> {
    await this.queue.close();
  }
}
