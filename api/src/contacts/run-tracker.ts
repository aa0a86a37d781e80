import type { StoredPair } from "@encounter/core/storage/records";

/** What makes a minute count: the widest gap or, where only certain minutes do, the widest reach. Decimetres. */
export interface Nearness {
  readonly proximityDm: number;
  readonly certainOnly: boolean;
}

/** A run of minutes in proximity that may still grow. Devices by their numbers, `lower < upper`. */
export interface Run {
  readonly lower: number;
  readonly upper: number;
  startMinute: number;
  lastMinute: number;
  certainMinutes: number;
  /** Whether it may become part of the answer. */
  readonly isWanted: boolean;
  /** Whether it is long enough, and has been noted as such. */
  isNoted: boolean;
}

/** Length of a run in minutes. */
export function lengthOf(run: Run): number {
  return run.lastMinute - run.startMinute + 1;
}

type PairKey = number | string;

const NUMBER_SPAN = 2 ** 26;

/** A key of two device numbers; a number for the first 67 million devices of a venue, since that is quicker. */
function pairKey(lower: number, upper: number): PairKey {
  return upper < NUMBER_SPAN ? lower * NUMBER_SPAN + upper : `${lower}.${upper}`;
}

/** Whether a pair's minute counts. */
export function isNear({ gapDm, reachDm }: { gapDm: number; reachDm: number }, nearness: Nearness): boolean {
  return isWithin(nearness, gapDm, reachDm);
}

/** The same where gap and reach are at hand by themselves. */
export function isWithin({ certainOnly, proximityDm }: Nearness, gapDm: number, reachDm: number): boolean {
  return (certainOnly ? reachDm : gapDm) <= proximityDm;
}

/**
 * Follows runs through consecutive minutes, up or down. It holds one run per pair that is near in the minute at hand,
 * and no more: that is what bounds its memory. A pair given twice in a minute counts once.
 */
export class RunTracker {
  private readonly runs = new Map<PairKey, Run>();
  private readonly nearness: Nearness;

  constructor(nearness: Nearness, runs: Iterable<Run> = []) {
    this.nearness = nearness;
    for (const run of runs) this.runs.set(pairKey(run.lower, run.upper), run);
  }

  get size(): number {
    return this.runs.size;
  }

  values(): IterableIterator<Run> {
    return this.runs.values();
  }

  /**
   * Takes some pairs of a minute that follows the last: runs grow, and where `admit` is given, new ones begin.
   * Calls `onGrown` for every run that is longer than before.
   */
  grow(
    minute: number,
    pairs: readonly StoredPair[],
    admit: "wanted" | "unwanted" | null,
    onGrown?: (run: Run) => void,
  ): void {
    for (const pair of pairs) {
      if (!isNear(pair, this.nearness)) continue;
      const lower = Math.min(pair.newer, pair.older);
      const upper = Math.max(pair.newer, pair.older);
      const key = pairKey(lower, upper);
      let run = this.runs.get(key);
      if (run === undefined) {
        if (admit === null) continue;
        const isWanted = admit === "wanted";
        run = { lower, upper, startMinute: minute, lastMinute: minute, certainMinutes: 0, isWanted, isNoted: false };
        this.runs.set(key, run);
      } else if (run.lastMinute === minute) continue;
      run.lastMinute = minute;
      if (pair.reachDm <= this.nearness.proximityDm) run.certainMinutes++;
      onGrown?.(run);
    }
  }

  /** Takes some pairs of the minute before the runs' first: runs grow backward. */
  growBack(minute: number, pairs: readonly StoredPair[]): void {
    for (const pair of pairs) {
      if (!isNear(pair, this.nearness)) continue;
      const run = this.runs.get(pairKey(Math.min(pair.newer, pair.older), Math.max(pair.newer, pair.older)));
      if (run === undefined || run.startMinute === minute) continue;
      run.startMinute = minute;
      if (pair.reachDm <= this.nearness.proximityDm) run.certainMinutes++;
    }
  }

  /** Keeps the runs that `keep` says; the others are followed no longer. */
  retain(keep: (run: Run) => boolean): void {
    for (const [key, run] of this.runs) {
      if (!keep(run)) this.runs.delete(key);
    }
  }
}
