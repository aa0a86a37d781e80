import type { Breather } from "../breather.ts";
import { type ContactPlace, comparePlaces } from "./contact-order.ts";
import type { Run } from "./run-tracker.ts";

/** The two devices of a run as the answer names them. */
export interface RunNames {
  readonly deviceId: string;
  readonly other: string;
  /** The number of `deviceId`. */
  readonly self: number;
}

/** A run that is long enough, with its place in the answer. */
export interface Listed extends ContactPlace, RunNames {
  readonly run: Run;
}

/** Names the devices of runs; null where one has no name any more. */
export type NameRuns = (runs: readonly Run[]) => Promise<(run: Run) => RunNames | null>;

const RUNS_PER_TURN = 4_096;

/** The first `count` contacts after a place, of any number that are offered: it never holds more than twice as many. */
export class Shortlist {
  private readonly count: number;
  private readonly after: ContactPlace | null;
  private readonly nameRuns: NameRuns;
  private readonly breather: Breather;
  private listed: Listed[] = [];
  private last: Listed | null = null;

  constructor(
    count: number,
    after: ContactPlace | null,
    { nameRuns, breather }: { readonly nameRuns: NameRuns; readonly breather: Breather },
  ) {
    this.count = count;
    this.after = after;
    this.nameRuns = nameRuns;
    this.breather = breather;
  }

  /** Offers runs whose start is final. Each may be offered once. */
  async offer(runs: readonly Run[]): Promise<void> {
    if (runs.length === 0) return;
    const name = await this.nameRuns(runs);
    for (const [index, run] of runs.entries()) {
      if (index % RUNS_PER_TURN === 0) await this.breather.pause();
      const names = name(run);
      if (names !== null) this.consider({ run, startMinute: run.startMinute, ...names });
    }
    this.trim();
  }

  private consider(candidate: Listed): void {
    if (this.after !== null && comparePlaces(candidate, this.after) <= 0) return;
    if (this.last !== null && comparePlaces(candidate, this.last) > 0) return;
    this.listed.push(candidate);
    if (this.listed.length >= 2 * this.count) this.trim();
  }

  private trim(): void {
    this.listed.sort(comparePlaces);
    this.listed.length = Math.min(this.listed.length, this.count);
    this.last = this.listed[this.count - 1] ?? null;
  }

  /** No run that starts after this minute can get on the list any more. Infinity while it is not full. */
  get horizonMinute(): number {
    return this.last?.startMinute ?? Number.POSITIVE_INFINITY;
  }

  /** What is on the list, in order. */
  get entries(): readonly Listed[] {
    return this.listed;
  }
}
