/** How finely times are told apart, ms. */
const TICK_MS = 10;
/** Ticks of one turn of the wheel. */
const TICKS = 4_096;
const NONE = -1;

/** Called for a timer that is due; answers when it is due next, later than `dueMs`. */
export type Fire = (timer: number, dueMs: number) => number;

/**
 * Many timers that each fire again and again, in the order of their times, for the price of a list entry each: a wheel
 * of ticks, each with the timers due in it (or a turn of the wheel later). Knows no clock; it is told how late it is.
 */
export class TimerWheel {
  private readonly head = new Int32Array(TICKS).fill(NONE);
  private readonly next: Int32Array;
  private readonly dueMs: Float64Array;
  private tick: number;

  /** @param startMs before which nothing is due */
  constructor(timers: number, startMs: number) {
    this.next = new Int32Array(timers).fill(NONE);
    this.dueMs = new Float64Array(timers);
    this.tick = Math.floor(startMs / TICK_MS);
  }

  /** Everything due before this has fired. */
  get reachedMs(): number {
    return this.tick * TICK_MS;
  }

  /** Sets when a timer is due; each timer once before its first firing. */
  schedule(timer: number, dueMs: number): void {
    this.dueMs[timer] = dueMs;
    const slot = Math.max(this.tick, Math.floor(dueMs / TICK_MS)) % TICKS;
    this.next[timer] = this.head[slot]!;
    this.head[slot] = timer;
  }

  /**
   * Fires what is due, tick by tick, up to a time or until `mayGoOn` says no between two ticks.
   * @returns whether the time was reached
   */
  advance(toMs: number, fire: Fire, mayGoOn: () => boolean): boolean {
    const last = Math.floor(toMs / TICK_MS);
    while (this.tick < last) {
      if (!mayGoOn()) return false;
      this.fireTick(fire);
    }
    return true;
  }

  private fireTick(fire: Fire): void {
    const slot = this.tick % TICKS;
    const endMs = (this.tick + 1) * TICK_MS;
    let timer = this.head[slot]!;
    this.head[slot] = NONE;
    this.tick++;
    while (timer !== NONE) {
      const following = this.next[timer]!;
      const dueMs = this.dueMs[timer]!;
      this.schedule(timer, dueMs < endMs ? fire(timer, dueMs) : dueMs);
      timer = following;
    }
  }
}
