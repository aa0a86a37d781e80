const WINDOW_MS = 10_000;
/** Totals this near each other in time are one sample: what the rate may be off by is this part of the window. */
const SAMPLE_MS = 50;

interface Sample {
  timeMs: number;
  total: number;
}

/** How many fixes a second came in over the last 10 s, from running totals and the times at which they stood. */
export class RateMeter {
  private samples: Sample[] = [];

  /**
   * Notes that the total grew.
   * @param timeMs when, by the clock that is asked with later
   * @param before the total just before, which counts where nothing older is known
   */
  note(timeMs: number, before: number, total: number): void {
    const newest = this.samples.at(-1);
    if (newest === undefined) this.samples.push({ timeMs: Number.NEGATIVE_INFINITY, total: before });
    else if (timeMs - newest.timeMs < SAMPLE_MS) {
      newest.total = total;
      return;
    }
    this.samples.push({ timeMs, total });
    this.dropBefore(timeMs - 2 * WINDOW_MS);
  }

  /** Fixes a second over the 10 s up to a time. */
  perSecond(nowMs: number): number {
    const newest = this.samples.at(-1);
    if (newest === undefined) return 0;
    const before = this.samples.findLast((sample) => sample.timeMs <= nowMs - WINDOW_MS);
    return (newest.total - (before ?? (this.samples[0] as Sample)).total) / (WINDOW_MS / 1_000);
  }

  /** Keeps the newest sample before a time: it is the base of what follows. */
  private dropBefore(timeMs: number): void {
    const first = this.samples.findIndex((sample) => sample.timeMs > timeMs);
    if (first > 1) this.samples.splice(0, first - 1);
  }
}
