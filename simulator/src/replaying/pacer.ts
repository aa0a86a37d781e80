/**
 * When recorded fixes may be sent. They go in the order in which they arrived, and the time that passes is that of the
 * newest fix so far: a late one goes at once, as it came then.
 */
export class Pacer {
  private readonly speed: number;
  private readonly longestWaitMs: number;
  private newestMs = Number.NaN;
  private firstFixMs = Number.NaN;
  private startMs = 0;

  /**
   * @param speed recorded ms per real ms, Infinity for no pace at all
   * @param longestWaitMs longest real wait between two fixes: longer gaps in the recording are cut short
   */
  constructor(speed: number, longestWaitMs: number) {
    this.speed = speed;
    this.longestWaitMs = longestWaitMs;
  }

  /** How long to wait before sending a fix, real ms; 0 or less for not at all. @param nowMs of a monotonic clock */
  waitMs(fixTimeMs: number, nowMs: number): number {
    if (Number.isNaN(this.newestMs)) {
      this.firstFixMs = fixTimeMs;
      this.startMs = nowMs;
      this.newestMs = fixTimeMs;
    }
    this.newestMs = Math.max(this.newestMs, fixTimeMs);
    const waitMs = this.startMs + (this.newestMs - this.firstFixMs) / this.speed - nowMs;
    if (waitMs <= this.longestWaitMs) return waitMs;
    this.startMs -= waitMs - this.longestWaitMs;
    return this.longestWaitMs;
  }
}
