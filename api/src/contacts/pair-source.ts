import type { RedisClient } from "@encounter/core/service/redis";
import { CHUNK_MINUTES, chunkOf, type VenueKeys } from "@encounter/core/storage/keys";
import {
  PAIR_BYTES,
  readPairs,
  readTimeline,
  type StoredPair,
  type TimelineEntry,
} from "@encounter/core/storage/records";
import type { Breather } from "../breather.ts";

/** Pairs of a minute, out to the venue's cap. A minute of many pairs comes in several slices, one after the other. */
export interface PairSlice {
  readonly minute: number;
  readonly pairs: readonly StoredPair[];
}

/** Where pairs are read from, minute by minute. A minute that does not come has none. */
export interface PairSource {
  /** From a minute on, ascending. */
  forward(fromMinute: number): AsyncIterable<PairSlice>;
  /** From a minute down, descending. */
  backward(fromMinute: number): AsyncIterable<PairSlice>;
}

/** Pairs decoded and handed on at a time. */
const PAIRS_PER_SLICE = 8_192;
/** Minutes whose numbers are asked for at a time. */
const MINUTES_PER_LOOK = 1_024;
/** What is asked of Redis in one go: about this many bytes, guessed by the last answer, and at most so many keys. */
const BATCH_BYTES = 4 * 1_048_576;
const BATCH_KEYS_MAX = 256;

/** All pairs of a venue, from its minutes' lists. */
export class VenuePairs implements PairSource {
  private readonly redis: RedisClient;
  private readonly keys: VenueKeys;
  private readonly breather: Breather;
  private readonly oldestMinute: number;
  private batchKeys = 4;

  /** @param oldestMinute first minute that is not past the venue's retention */
  constructor(redis: RedisClient, keys: VenueKeys, breather: Breather, oldestMinute: number) {
    this.redis = redis;
    this.keys = keys;
    this.breather = breather;
    this.oldestMinute = oldestMinute;
  }

  async *forward(fromMinute: number): AsyncGenerator<PairSlice> {
    let next = Math.max(fromMinute, this.oldestMinute);
    for (;;) {
      const found = await this.redis.zrange(this.keys.minutes, next, "+inf", "BYSCORE", "LIMIT", 0, MINUTES_PER_LOOK);
      const minutes = found.map(Number);
      yield* this.slices(minutes);
      if (minutes.length < MINUTES_PER_LOOK) return;
      next = (minutes.at(-1) as number) + 1;
    }
  }

  async *backward(fromMinute: number): AsyncGenerator<PairSlice> {
    let next = fromMinute;
    for (;;) {
      const found = await this.redis.zrevrangebyscore(
        this.keys.minutes,
        next,
        this.oldestMinute,
        "LIMIT",
        0,
        MINUTES_PER_LOOK,
      );
      const minutes = found.map(Number);
      yield* this.slices(minutes);
      if (minutes.length < MINUTES_PER_LOOK) return;
      next = (minutes.at(-1) as number) - 1;
    }
  }

  private async *slices(minutes: readonly number[]): AsyncGenerator<PairSlice> {
    for (let at = 0; at < minutes.length; ) {
      const batch = minutes.slice(at, at + this.batchKeys);
      const lists = await Promise.all(batch.map((minute) => this.redis.getBuffer(this.keys.pairs(minute))));
      at += batch.length;
      this.batchKeys = batchFor(lists);
      for (const [index, list] of lists.entries()) yield* this.slicesOf(batch[index] as number, list);
    }
  }

  private async *slicesOf(minute: number, list: Buffer | null): AsyncGenerator<PairSlice> {
    const bytes = list ?? Buffer.alloc(0);
    let at = 0;
    do {
      await this.breather.pause();
      yield { minute, pairs: readPairs(bytes.subarray(at, at + PAIRS_PER_SLICE * PAIR_BYTES)) };
      at += PAIRS_PER_SLICE * PAIR_BYTES;
    } while (at < bytes.length);
  }
}

function batchFor(lists: readonly (Buffer | null)[]): number {
  const bytes = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0) / lists.length;
  return Math.max(1, Math.min(BATCH_KEYS_MAX, Math.floor(BATCH_BYTES / Math.max(bytes, 1))));
}

/** The pairs of one device, from its timeline. */
export class DevicePairs implements PairSource {
  private readonly redis: RedisClient;
  private readonly keys: VenueKeys;
  private readonly breather: Breather;
  private readonly device: number;
  private readonly oldestMinute: number;
  private readonly newestMinute: number;
  private batchKeys = 4;

  /** @param span the device's first and last minute that may count */
  constructor(
    redis: RedisClient,
    keys: VenueKeys,
    breather: Breather,
    device: number,
    span: { readonly oldestMinute: number; readonly newestMinute: number },
  ) {
    this.redis = redis;
    this.keys = keys;
    this.breather = breather;
    this.device = device;
    this.oldestMinute = span.oldestMinute;
    this.newestMinute = span.newestMinute;
  }

  async *forward(fromMinute: number): AsyncGenerator<PairSlice> {
    const first = Math.max(fromMinute, this.oldestMinute);
    for await (const entries of this.chunks(chunkOf(first), chunkOf(this.newestMinute), 1)) {
      for (const slice of this.minutesOf(entries)) {
        if (slice.minute >= first) yield slice;
      }
    }
  }

  async *backward(fromMinute: number): AsyncGenerator<PairSlice> {
    const first = Math.min(fromMinute, this.newestMinute);
    for await (const entries of this.chunks(chunkOf(first), chunkOf(this.oldestMinute), -1)) {
      for (const slice of this.minutesOf(entries).reverse()) {
        if (slice.minute <= first && slice.minute >= this.oldestMinute) yield slice;
      }
    }
  }

  private async *chunks(from: number, to: number, step: 1 | -1): AsyncGenerator<TimelineEntry[]> {
    for (let chunk = from; (to - chunk) * step >= 0; ) {
      const length = Math.min(this.batchKeys, Math.abs(to - chunk) + 1);
      const batch = Array.from({ length }, (_, index) => chunk + index * step);
      const lists = await Promise.all(batch.map((each) => this.redis.getBuffer(this.keys.timeline(this.device, each))));
      chunk += length * step;
      this.batchKeys = batchFor(lists);
      for (const [index, list] of lists.entries()) {
        await this.breather.pause();
        if (list !== null) yield readTimeline(batch[index] as number, list);
      }
    }
  }

  private minutesOf(entries: readonly TimelineEntry[]): PairSlice[] {
    const byOffset: StoredPair[][] = Array.from({ length: CHUNK_MINUTES }, () => []);
    for (const { other, minute, gapDm, reachDm } of entries) {
      byOffset[minute % CHUNK_MINUTES]?.push({ newer: this.device, older: other, gapDm, reachDm });
    }
    const first = entries[0] === undefined ? 0 : chunkOf(entries[0].minute) * CHUNK_MINUTES;
    return byOffset.map((pairs, offset) => ({ minute: first + offset, pairs })).filter(({ pairs }) => pairs.length > 0);
  }
}
