import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";
import { PAIR_BYTES } from "@encounter/core/storage/records";
import { Breather } from "../breather.ts";
import { isWithin, type Nearness } from "../contacts/run-tracker.ts";
import { PairTable } from "../live/pair-table.ts";
import { eachPair } from "../live/tracked-minute.ts";
import { OpenRuns } from "./open-runs.ts";

/** Tables that are kept, by number and by the pairs in all of them; those unused longest go first. About 30 MB. */
const TABLES_MAX = 64;
const PAIRS_MAX = 1_000_000;
/** Pairs looked at between two pauses. */
const BYTES_PER_TURN = 4_096 * PAIR_BYTES;

/** Which minute's runs are asked for, and what makes a minute count. */
export interface RunQuestion {
  readonly keys: VenueKeys;
  readonly minute: number;
  readonly nearness: Nearness;
  /** A run that is longer counts as so long, minutes. */
  readonly minutesMax: number;
}

/** The pairs in proximity in a minute, with the first minute of each one's run. */
interface RunTable {
  readonly pairs: PairTable;
  /**
   * Length of each pair list that the table was made of, from its minute downward. The lists only grow: where all are
   * as long as they were, the table is as good as new.
   */
  readonly lengths: readonly number[];
}

/**
 * Runs so far, minute by minute. A table is made from the one of the minute before, if that is kept, and else by
 * following runs back through the stored minutes, for as long as at least one of them goes on. Kept tables are checked
 * against the lists' lengths each time, so that a late fix shows at once. Asked for in any order, also at once.
 */
export class RunTables {
  private readonly redis: RedisClient;
  private readonly tables = new Map<string, Promise<RunTable>>();
  private readonly sizes = new Map<string, number>();
  private pairsKept = 0;

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  /**
   * The pairs in proximity in a minute with the first minutes of their runs.
   * @param list the minute's pair list as just read
   */
  async of(question: RunQuestion, list: Uint8Array): Promise<PairTable> {
    const known = await this.kept(question, list.byteLength);
    if (known !== null) return known.pairs;
    const key = keyOf(question);
    const made = this.make(question, list);
    this.forget(key);
    this.tables.set(key, made);
    try {
      const { pairs } = await made;
      if (this.tables.get(key) === made) this.weigh(key, pairs.count);
      return pairs;
    } catch (error) {
      if (this.tables.get(key) === made) this.forget(key);
      throw error;
    }
  }

  /** The kept table of a minute, or null where there is none or a list has grown since. */
  private async kept(question: RunQuestion, length?: number): Promise<RunTable | null> {
    const key = keyOf(question);
    const kept = this.tables.get(key);
    const table = (await kept?.catch(() => null)) ?? null;
    if (table === null || (length !== undefined && table.lengths[0] !== length)) return null;
    if (!(await this.isCurrent(question, table))) return null;
    if (kept !== undefined && this.tables.get(key) === kept) {
      this.tables.delete(key);
      this.tables.set(key, kept);
    }
    return table;
  }

  private async isCurrent({ keys, minute }: RunQuestion, { lengths }: RunTable): Promise<boolean> {
    const found = await Promise.all(lengths.map((_, back) => this.redis.strlen(keys.pairs(minute - back))));
    return found.every((length, back) => length === lengths[back]);
  }

  private async make(question: RunQuestion, list: Uint8Array): Promise<RunTable> {
    const { minute, nearness, minutesMax } = question;
    // What others wait for, too, goes on whoever leaves.
    const breather = new Breather(new AbortController().signal);
    const pairs = new PairTable();
    await addNear(pairs, minute, list, nearness, breather);
    const lengths = [list.byteLength];
    const open = new OpenRuns(pairs, minute, nearness);
    let isGoingOn = pairs.count > 0;
    let ahead: Promise<Buffer | null> | null = null;
    for (let back = 1; isGoingOn && back < minutesMax && back <= minute; back++) {
      const below = { ...question, minute: minute - back };
      const table = await this.kept(below);
      if (table !== null) {
        open.settle();
        takeStarts(pairs, table.pairs, below.minute, minute - minutesMax + 1);
        lengths.push(...table.lengths);
        return { pairs, lengths: lengths.slice(0, minutesMax) };
      }
      const stored = (await (ahead ?? this.read(below))) ?? Buffer.alloc(0);
      ahead = back + 1 < minutesMax ? this.readAhead({ ...question, minute: below.minute - 1 }) : null;
      lengths.push(stored.length);
      isGoingOn = await open.follow(stored, breather);
    }
    open.settle();
    return { pairs, lengths: lengths.slice(0, minutesMax) };
  }

  private read({ keys, minute }: RunQuestion): Promise<Buffer | null> {
    return this.redis.getBuffer(keys.pairs(minute));
  }

  /** Reads a list that is probably wanted next, unless a table may stand for it. */
  private readAhead(question: RunQuestion): Promise<Buffer | null> | null {
    if (question.minute < 0 || this.tables.has(keyOf(question))) return null;
    const list = this.read(question);
    // Whoever comes to it hears of the trouble.
    list.catch(() => {});
    return list;
  }

  private forget(key: string): void {
    this.pairsKept -= this.sizes.get(key) ?? 0;
    this.sizes.delete(key);
    this.tables.delete(key);
  }

  private weigh(key: string, pairs: number): void {
    this.sizes.set(key, pairs);
    this.pairsKept += pairs;
    for (const oldest of this.tables.keys()) {
      if (this.tables.size <= TABLES_MAX && this.pairsKept <= PAIRS_MAX) break;
      if (oldest !== key) this.forget(oldest);
    }
  }
}

function keyOf({ keys, minute, nearness, minutesMax }: RunQuestion): string {
  return `${keys.prefix}${nearness.proximityDm} ${nearness.certainOnly} ${minutesMax} ${minute}`;
}

/** Lets runs go on by the table of the minute below them, which knows where they began; none before `firstMinute`. */
function takeStarts(pairs: PairTable, below: PairTable, minute: number, firstMinute: number): void {
  for (let slot = 0; slot < pairs.count; slot++) {
    if (pairs.startMinute[slot] !== minute + 1) continue;
    const before = below.find(pairs.a[slot] as number, pairs.b[slot] as number);
    if (before >= 0) pairs.startMinute[slot] = Math.max(firstMinute, below.startMinute[before] as number);
  }
}

async function addNear(
  pairs: PairTable,
  minute: number,
  list: Uint8Array,
  nearness: Nearness,
  breather: Breather,
): Promise<void> {
  for (let at = 0; at < list.byteLength; at += BYTES_PER_TURN) {
    await breather.pause();
    eachPair(list.subarray(at, at + BYTES_PER_TURN), (one, other, gapDm, reachDm) => {
      if (isWithin(nearness, gapDm, reachDm)) pairs.add(one, other, gapDm, reachDm, minute);
    });
  }
}
