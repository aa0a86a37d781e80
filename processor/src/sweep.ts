import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { listVenueIds, loadVenue } from "@encounter/core/service/venue-store";
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
 * Finds venues with pending fixes and sees to it that each has a job: the net under wake-ups that were lost with a
 * process, a connection or a queue.
 */
export async function sweep(dependencies: SweepDependencies): Promise<number> {
  const { redis, queue, log, backlog } = dependencies;
  const venueIds = await listVenueIds(redis);
  backlog.keep(new Set(venueIds));
  let woken = 0;
  for (let at = 0; at < venueIds.length; at += VENUES_AT_ONCE) {
    const some = await Promise.all(
      venueIds.slice(at, at + VENUES_AT_ONCE).map((id) => newestPending(dependencies, id)),
    );
    const jobs = some.filter((job) => job !== null);
    await Promise.all(jobs.map((job) => queue.add("evaluate", job, evaluateJobOptions(job))));
    woken += jobs.length;
  }
  if (woken > 0) log.debug({ venues: woken }, "sweep");
  return woken;
}

async function newestPending({ redis, backlog, now }: SweepDependencies, venueId: string): Promise<EvaluateJob | null> {
  const record = await loadVenue(redis, venueId);
  const [newest] = record === null ? [] : await redis.zrange(record.keys.pending, "0", "0", "REV");
  if (record === null || newest === undefined) {
    backlog.clear(venueId);
    return null;
  }
  const [[oldest], unevaluated] = await Promise.all([
    redis.zrange(record.keys.pending, "0", "0"),
    redis.hget(record.keys.state, "unevaluated"),
  ]);
  backlog.note(venueId, Number(oldest ?? newest), Number(unevaluated ?? 0), now());
  return { venueId, minute: Number(newest) };
}
