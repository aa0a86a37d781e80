import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { listVenueIds, loadVenue } from "@encounter/core/service/venue-store";
import { type EvaluateJob, evaluateJobOptions } from "@encounter/core/storage/jobs";
import type { Queue } from "bullmq";

/** Venues looked at in one go. */
const VENUES_AT_ONCE = 200;

/**
 * Finds venues with pending fixes and sees to it that each has a job: the net under wake-ups that were lost with a
 * process, a connection or a queue.
 */
export async function sweep(redis: RedisClient, queue: Queue<EvaluateJob>, log: Logger): Promise<number> {
  const venueIds = await listVenueIds(redis);
  let woken = 0;
  for (let at = 0; at < venueIds.length; at += VENUES_AT_ONCE) {
    const some = await Promise.all(venueIds.slice(at, at + VENUES_AT_ONCE).map((id) => newestPending(redis, id)));
    const jobs = some.filter((job) => job !== null);
    await Promise.all(jobs.map((job) => queue.add("evaluate", job, evaluateJobOptions(job))));
    woken += jobs.length;
  }
  if (woken > 0) log.debug({ venues: woken }, "sweep");
  return woken;
}

async function newestPending(redis: RedisClient, venueId: string): Promise<EvaluateJob | null> {
  const record = await loadVenue(redis, venueId);
  if (record === null) return null;
  const [minute] = await redis.zrange(record.keys.pending, "0", "0", "REV");
  return minute === undefined ? null : { venueId, minute: Number(minute) };
}
