import type { Breather } from "../breather.ts";
import type { PairSource } from "./pair-source.ts";
import type { PairTimeline } from "./pair-timeline.ts";
import { lengthOf, type Nearness, type Run, RunTracker } from "./run-tracker.ts";
import type { NameRuns } from "./shortlist.ts";

/** Which contacts are asked for. */
export interface ContactCriteria extends Nearness {
  /** First minute that overlaps the window, and the first after it that does not. */
  readonly firstMinute: number;
  readonly endMinute: number;
  readonly minMinutes: number;
}

/** What contacts are found by. */
export interface ScanParts {
  readonly source: PairSource;
  readonly pairTimeline: PairTimeline;
  /** Up to so many runs are followed in the timelines of their devices instead of in all of `source`. */
  readonly fewRuns: number;
  readonly nameRuns: NameRuns;
  readonly breather: Breather;
}

/** A minute has been taken in. */
export interface ScanStep {
  /** The next minute that has pairs, or Infinity: runs that do not end right before it go on no longer. */
  readonly nextMinute: number;
  /** Runs that have just become long enough. They come in the order of their starts, from step to step. */
  readonly fresh: readonly Run[];
}

/**
 * Follows the runs of a window minute by minute, from the window's first (or, for a later page, from the one before
 * the place's) on and on, until whoever asks has had enough. Runs of the window's first minute are followed back to
 * where they began, so every run is whole.
 */
export class ContactScan {
  readonly tracker: RunTracker;
  private readonly criteria: ContactCriteria;
  private readonly parts: ScanParts;
  /** Runs that start here or later are new; what was going on before belongs to earlier pages. */
  private readonly resumeMinute: number | null;
  /** No run that starts later matters. It may be lowered, not raised. */
  horizonMinute: number;
  private fresh: Run[] = [];

  /** @param afterMinute start of the last contact that is known already, or null */
  constructor(criteria: ContactCriteria, parts: ScanParts, afterMinute: number | null) {
    this.criteria = criteria;
    this.parts = parts;
    this.tracker = new RunTracker(criteria);
    this.resumeMinute = afterMinute !== null && afterMinute > criteria.firstMinute ? afterMinute : null;
    this.horizonMinute = criteria.endMinute - 1;
  }

  async *steps(): AsyncGenerator<ScanStep> {
    const from = this.resumeMinute === null ? this.criteria.firstMinute : this.resumeMinute - 1;
    let current: number | null = null;
    for await (const { minute, pairs } of this.parts.source.forward(from)) {
      if (minute !== current) {
        if (current !== null) yield await this.complete(current, minute);
        current = minute;
      }
      this.tracker.grow(minute, pairs, this.admitted(minute), this.isOpening(minute) ? undefined : this.note);
    }
    if (current !== null) yield await this.complete(current, Number.POSITIVE_INFINITY);
  }

  /**
   * Lets go of the runs that ended before `nextMinute` and of those that can matter no more.
   * @returns whether it is still open which runs the answer is made of
   */
  retainUndecided(nextMinute: number): boolean {
    const mayBegin = nextMinute <= this.horizonMinute;
    let undecided = 0;
    this.tracker.retain((run) => {
      if (run.lastMinute !== nextMinute - 1) return false;
      const isUndecided = run.isWanted && !run.isNoted && run.startMinute <= this.horizonMinute;
      if (isUndecided) undecided++;
      return mayBegin || isUndecided || run.isNoted;
    });
    return mayBegin || undecided > 0;
  }

  /** Whether runs of this minute may have begun before the window: how long they are is not known yet. */
  private isOpening(minute: number): boolean {
    return this.resumeMinute === null && minute === this.criteria.firstMinute;
  }

  private admitted(minute: number): "wanted" | "unwanted" | null {
    if (minute > this.horizonMinute) return null;
    return this.resumeMinute === null || minute >= this.resumeMinute ? "wanted" : "unwanted";
  }

  private readonly note = (run: Run): void => {
    if (run.isNoted || !run.isWanted || lengthOf(run) < this.criteria.minMinutes) return;
    run.isNoted = true;
    this.fresh.push(run);
  };

  private async complete(minute: number, nextMinute: number): Promise<ScanStep> {
    if (this.isOpening(minute)) {
      await this.followBack();
      for (const run of this.tracker.values()) this.note(run);
    }
    const fresh = this.fresh;
    this.fresh = [];
    return { nextMinute, fresh };
  }

  private async followBack(): Promise<void> {
    const { source, pairTimeline, fewRuns } = this.parts;
    const growing = new RunTracker(this.criteria, this.tracker.values());
    let current = this.criteria.firstMinute;
    for await (const { minute, pairs } of source.backward(current - 1)) {
      if (minute !== current) {
        growing.retain((run) => run.startMinute === minute + 1);
        if (growing.size === 0) return;
        if (growing.size <= fewRuns) {
          for (const run of growing.values()) await pairTimeline.stretchBackward(run);
          return;
        }
        current = minute;
      }
      growing.growBack(minute, pairs);
    }
  }
}
