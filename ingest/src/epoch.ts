import type { Logger } from "@encounter/core/service/log";
import { type RedisClient, readEpoch } from "@encounter/core/service/redis";

/** How often a cluster is asked whether a master changed, ms. */
const POLL_MS = 1_000;

/**
 * The store's epoch, or null while it is not known: nothing is stored until it is, so that no answer of a store that
 * may have gone back in time carries the epoch from before.
 */
export class EpochWatch {
  current: string | null = null;
  private readonly redis: RedisClient;
  private readonly log: Logger;
  private readonly timer: NodeJS.Timeout;

  constructor(redis: RedisClient, log: Logger) {
    this.redis = redis;
    this.log = log;
    redis.on("close", this.forget);
    redis.on("ready", this.refresh);
    this.timer = setInterval(this.refresh, POLL_MS);
    this.timer.unref();
  }

  readonly refresh = async (): Promise<void> => {
    if (this.redis.status !== "ready") return;
    try {
      const epoch = await readEpoch(this.redis);
      if (this.redis.status !== "ready") return;
      if (epoch !== this.current) this.log.info({ epoch }, "epoch");
      this.current = epoch;
    } catch (error) {
      this.log.warn({ reason: (error as Error).message }, "epoch could not be read");
      // A master of a cluster may be gone while the client stays ready: its replica, which may lack something, answers
      // as soon as it has taken over, and not with the epoch from before.
      if (this.redis.isCluster) this.forget();
    }
  };

  private readonly forget = (): void => {
    this.current = null;
  };

  stop(): void {
    clearInterval(this.timer);
    this.redis.off("close", this.forget);
    this.redis.off("ready", this.refresh);
  }
}
