import { DrawPace } from "./draw-pace.ts";

const KEPT = 240;

/**
 * How much script time the updates of the map take: all that is measured since the last {@link endFrame} is one
 * update. Keeps the last few, for whoever wants to know whether the page stays quick.
 */
export class FrameMeter {
  /** How long it takes to draw them, which is not in what is measured here. */
  readonly pace = new DrawPace();
  private readonly updatesMs = new Float64Array(KEPT);
  private count = 0;
  private currentMs = 0;

  measure<Result>(work: () => Result): Result {
    const startMs = performance.now();
    try {
      return work();
    } finally {
      this.currentMs += performance.now() - startMs;
    }
  }

  /** Closes an update. */
  endFrame(): void {
    this.updatesMs[this.count % KEPT] = this.currentMs;
    this.count++;
    this.currentMs = 0;
  }

  /** A quantile (0 to 1) of the updates kept, ms; 0 before the first. */
  quantileMs(quantile: number): number {
    const kept = this.updatesMs.slice(0, Math.min(this.count, KEPT)).sort();
    return kept[Math.min(kept.length - 1, Math.floor(quantile * kept.length))] ?? 0;
  }
}
