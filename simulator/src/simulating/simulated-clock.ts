/** When a simulation starts and how fast its time runs until it has caught up with the present. */
interface SimulatedSpan {
  /** First moment, ms since the Unix epoch; null for now, or at a speed above 1 so long ago that it ends now. */
  readonly startMs: number | null;
  /** Simulated ms to run, Infinity for no end. */
  readonly durationMs: number;
  /** Simulated ms per real ms, until the present is reached; Infinity for as fast as it goes. */
  readonly speed: number;
}

/**
 * Simulated time: starts in the past or now, runs fast until it meets the present and never overtakes it, since a fix
 * from the future would be refused.
 */
export class SimulatedClock {
  readonly startMs: number;
  private readonly speed: number;
  private readonly realStartMs: number;
  /** Real time at which the present is met. */
  private readonly metMs: number;

  /** @param realStartMs the present at the start, ms since the Unix epoch */
  constructor({ startMs, durationMs, speed }: SimulatedSpan, realStartMs: number) {
    this.startMs = startMs ?? realStartMs - (speed > 1 ? durationMs : 0);
    this.speed = speed;
    this.realStartMs = realStartMs;
    const behindMs = realStartMs - this.startMs;
    this.metMs = speed > 1 ? realStartMs + behindMs / (speed - 1) : behindMs > 0 ? Infinity : realStartMs;
  }

  /** The simulated time at a real time. */
  at(realMs: number): number {
    if (realMs >= this.metMs) return realMs;
    return Math.min(realMs, this.startMs + (realMs - this.realStartMs) * this.speed);
  }

  /** The real time at which a simulated time comes. */
  realTimeOf(simulatedMs: number): number {
    if (simulatedMs >= this.metMs) return simulatedMs;
    return this.realStartMs + (simulatedMs - this.startMs) / this.speed;
  }

  /** Whether simulated and real time are one by now. */
  isLive(realMs: number): boolean {
    return realMs >= this.metMs;
  }
}
