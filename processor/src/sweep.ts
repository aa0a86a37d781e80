import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { type EvaluateJob, evaluateJobOptions } from "@encounter/core/storage/jobs";
import type { Queue } from "bullmq";
import type { Backlog } from "./backlog.ts";

/** Venues looked at in one go. */
const VENUES_AT_ONCE = 200;

export interface SweepDependencies {
  readonly redis: RedisClient;
  readonly queue: Queue<EvaluateJob>;
  readonly log: Logger;
  readonly now: () => number;
  /** Told what waits. */
  readonly backlog: Backlog;
}

/**
 * Finds those of all venues that have pending fixes and sees to it that each has a job: the net under wake-ups that
 * were lost with a process, a connection or a queue.
 */
export async function sweep(dependencies: SweepDependencies, records: readonly VenueRecord[]): Promise<number> {
  const { queue, log, backlog } = dependencies;
  backlog.keep(new Set(records.map(({ venueId }) => venueId)));
  let woken = 0;
  for (let at = 0; at < records.length; at += VENUES_AT_ONCE) {
    const some = await Promise.all(
      records.slice(at, at + VENUES_AT_ONCE).map((record) => newestPending(dependencies, record)),
    );
    const jobs = some.filter((job) => job !== null);
    await Promise.all(jobs.map((job) => queue.add("evaluate", job, evaluateJobOptions(job))));
    woken += jobs.length;
  }
  if (woken > 0) log.debug({ venues: woken }, "sweep");
  return woken;
}

async function newestPending(
  { redis, backlog, now }: SweepDependencies,
  { venueId, keys }: VenueRecord,
): Promise<EvaluateJob | null> {
  const [newest] = await redis.zrange(keys.pending, "0", "0", "REV");
  if (newest === undefined) {
    backlog.clear(venueId);
    return null;
  }
  const [[oldest], unevaluated] = await Promise.all([
    redis.zrange(keys.pending, "0", "0"),
    redis.hget(keys.state, "unevaluated"),
  ]);
  backlog.note(venueId, Number(oldest ?? newest), Number(unevaluated ?? 0), now());
  return { venueId, minute: Number(newest) };
}
