import type { Fix } from "@encounter/core/domain/fix";
import type { RedisClient } from "@encounter/core/service/redis";
import { readPlace, type StoredPlace } from "@encounter/core/service/venue-place";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { decodeBatch } from "@encounter/core/storage/batch";
import { venueRecordKey } from "@encounter/core/storage/keys";
import { readFixRecord, type StoredFix } from "@encounter/core/storage/records";
import type { MinuteSource } from "./line-tracker.ts";

/** What the venue's record and its server's clock say now. */
export interface VenueMark {
  readonly incarnation: string | null;
  readonly version: string | null;
  readonly planRevision: number;
  /** Grows whenever a device of the venue is erased. */
  readonly erasures: number;
  readonly place: StoredPlace | null;
  /** The clock by which the stream's entries are numbered, ms. */
  readonly redisTimeMs: number;
}

/** A batch of fixes as it was stored. */
export interface StoredBatch {
  readonly kind: "batch";
  readonly id: string;
  readonly fixes: Fix[];
  /** Characters, one per fix: "1" accepted, "0" repeated. */
  readonly outcomes: Uint8Array;
  /** Further repeated fixes, the newest of each device. */
  readonly repeats: Fix[];
  /** How many fixes came in with it, and how many in all up to it. */
  readonly count: number;
  readonly total: number;
}

/** An entry of a venue's stream: a batch, or the notice that a minute was evaluated further. */
export type StreamEntry = StoredBatch | { readonly kind: "evaluation"; readonly id: string; readonly minute: number };

const FIELDS_PER_READ = 2_000;

/** What the live feed reads of a venue. Every read rejects while Redis is away. */
export class VenueSource implements MinuteSource {
  private readonly redis: RedisClient;
  private readonly record: VenueRecord;

  constructor(redis: RedisClient, record: VenueRecord) {
    this.redis = redis;
    this.record = record;
  }

  async readMark(): Promise<VenueMark> {
    const key = venueRecordKey(this.record.venueId);
    const [about, time] = await Promise.all([
      this.redis.hmget(key, "incarnation", "version", "plan", "erasures", "place"),
      this.redis.eval("return redis.call('TIME')", 1, key) as Promise<[string, string]>,
    ]);
    const [incarnation = null, version = null, plan = null, erasures = null, place = null] = about;
    const redisTimeMs = Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000);
    return {
      incarnation,
      version,
      planRevision: Number(plan ?? 0),
      erasures: Number(erasures ?? 0),
      place: readPlace(place),
      redisTimeMs,
    };
  }

  /** The venue's counters: fixes received so far, and the newest evaluated minute or -1. */
  async readState(): Promise<{ received: number; newestMinute: number }> {
    const [received, newest] = await this.redis.hmget(this.record.keys.state, "received", "newest");
    return { received: Number(received ?? 0), newestMinute: Number(newest ?? -1) };
  }

  /** At most `count` entries of the stream after one; `0-0` is before the first. */
  async readStream(afterId: string, count: number): Promise<StreamEntry[]> {
    const streams = (await this.redis.xreadBuffer("COUNT", count, "STREAMS", this.record.keys.stream, afterId)) as
      | [Buffer, [Buffer, Buffer[]][]][]
      | null;
    return (streams?.[0]?.[1] ?? []).map(([id, fields]) => readEntry(id.toString("latin1"), fields));
  }

  async readMinute(minute: number, fromByte: number): Promise<{ evaluated: number; pairs: Uint8Array }> {
    const { keys } = this.record;
    // In this order, lest a fix counts as evaluated whose pairs were not read.
    const [evaluated, pairs] = await Promise.all([
      this.redis.hget(keys.minute(minute), "e"),
      this.redis.getrangeBuffer(keys.pairs(minute), fromByte, -1),
    ]);
    return { evaluated: Number(evaluated ?? 0), pairs };
  }

  async readPairs(minute: number): Promise<Uint8Array> {
    return (await this.redis.getBuffer(this.record.keys.pairs(minute))) ?? new Uint8Array(0);
  }

  /** The fixes of a minute, without those of devices that are known already: the fewer, the cheaper. */
  async readFixesOfOthers(minute: number, isKnown: (deviceNumber: number) => boolean): Promise<StoredFix[]> {
    const key = this.record.keys.fixes(minute);
    const others = (await this.redis.hkeys(key)).filter((field) => !isKnown(Number(field)));
    const fixes: StoredFix[] = [];
    for (let at = 0; at < others.length; at += FIELDS_PER_READ) {
      const part = others.slice(at, at + FIELDS_PER_READ);
      const records = await this.redis.hmgetBuffer(key, ...part);
      records.forEach((record, index) => {
        if (record !== null) fixes.push(readFixRecord(minute, Number(part[index]), record));
      });
    }
    return fixes;
  }

  /** Ids of devices by their numbers; a number that is not given out yet has none. */
  async readNames(numbers: Iterable<number>): Promise<Map<number, string>> {
    const wanted = [...numbers];
    const names = new Map<number, string>();
    for (let at = 0; at < wanted.length; at += FIELDS_PER_READ) {
      const part = wanted.slice(at, at + FIELDS_PER_READ);
      const ids = await this.redis.hmget(this.record.keys.names, ...part.map(String));
      ids.forEach((id, index) => {
        if (id !== null) names.set(part[index] as number, id);
      });
    }
    return names;
  }
}

function readEntry(id: string, fields: readonly Buffer[]): StreamEntry {
  const values = new Map<string, Buffer>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    values.set((fields[at] as Buffer).toString("latin1"), fields[at + 1] as Buffer);
  }
  const batch = values.get("b");
  if (batch === undefined) return { kind: "evaluation", id, minute: Number(values.get("m")) };
  const repeats = values.get("d");
  return {
    kind: "batch",
    id,
    fixes: decodeBatch(batch),
    outcomes: values.get("o") ?? Buffer.alloc(0),
    repeats: repeats === undefined || repeats.length === 0 ? [] : decodeBatch(repeats),
    count: Number(values.get("c")),
    total: Number(values.get("t")),
  };
}
