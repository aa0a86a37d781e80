import type { RedisClient } from "@encounter/core/service/redis";
import { chunkOf, type VenueKeys } from "@encounter/core/storage/keys";
import { readTimeline, type TimelineEntry } from "@encounter/core/storage/records";
import type { Breather } from "../breather.ts";
import { isNear, type Nearness, type Run } from "./run-tracker.ts";

/** Finds how far single runs reach, from the timeline of one of the two devices, instead of from all of a venue. */
export class PairTimeline {
  private readonly redis: RedisClient;
  private readonly keys: VenueKeys;
  private readonly breather: Breather;
  private readonly nearness: Nearness;
  private readonly oldestMinute: number;

  constructor(redis: RedisClient, keys: VenueKeys, breather: Breather, nearness: Nearness, oldestMinute: number) {
    this.redis = redis;
    this.keys = keys;
    this.breather = breather;
    this.nearness = nearness;
    this.oldestMinute = oldestMinute;
  }

  /** Grows a run to its last minute. */
  async stretchForward(run: Run): Promise<void> {
    for (let chunk = chunkOf(run.lastMinute + 1); ; chunk++) {
      const near = await this.minutesNear(run, chunk);
      while (chunkOf(run.lastMinute + 1) === chunk) {
        const entry = near.get(run.lastMinute + 1);
        if (entry === undefined) return;
        run.lastMinute++;
        this.countCertain(run, entry);
      }
    }
  }

  /** Grows a run to its first minute, not below the oldest that counts. */
  async stretchBackward(run: Run): Promise<void> {
    for (let chunk = chunkOf(run.startMinute - 1); ; chunk--) {
      const near = await this.minutesNear(run, chunk);
      while (chunkOf(run.startMinute - 1) === chunk) {
        const entry = near.get(run.startMinute - 1);
        if (entry === undefined || entry.minute < this.oldestMinute) return;
        run.startMinute--;
        this.countCertain(run, entry);
      }
    }
  }

  private countCertain(run: Run, entry: TimelineEntry): void {
    if (entry.reachDm <= this.nearness.proximityDm) run.certainMinutes++;
  }

  private async minutesNear(run: Run, chunk: number): Promise<Map<number, TimelineEntry>> {
    await this.breather.pause();
    const list = await this.redis.getBuffer(this.keys.timeline(run.lower, chunk));
    const near = new Map<number, TimelineEntry>();
    if (list === null) return near;
    for (const entry of readTimeline(chunk, list)) {
      if (entry.other === run.upper && isNear(entry, this.nearness)) near.set(entry.minute, entry);
    }
    return near;
  }
}
