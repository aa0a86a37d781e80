import type { Random } from "../world/random.ts";

/**
 * When a device reports: every `intervalMs` from a first time of its own, each report shifted by up to `jitter` of the
 * interval either way. Times are ms since the start of the world.
 */
export class ReportingPlan {
  private readonly random: Random;
  private readonly intervalMs: number;
  private readonly jitterMs: number;
  private readonly phaseMs: number;
  private count = 0;
  private lastMs = -1;

  /** @param jitter share of the interval, 0 up to 0.5 */
  constructor(random: Random, intervalMs: number, jitter: number) {
    this.random = random;
    this.intervalMs = intervalMs;
    this.jitterMs = intervalMs * jitter;
    this.phaseMs = random.next() * intervalMs;
  }

  /** The time of the next report, a whole ms, later than the one before. */
  nextMs(): number {
    const shiftMs = this.random.between(-this.jitterMs, this.jitterMs);
    const dueMs = this.phaseMs + this.count++ * this.intervalMs + shiftMs;
    this.lastMs = Math.max(this.lastMs + 1, Math.round(dueMs));
    return this.lastMs;
  }
}
