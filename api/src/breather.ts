import { setImmediate as nextTurn } from "node:timers/promises";

/** How long one answer may keep the event loop to itself, ms. */
const TURN_MS = 8;

/** Nobody waits for the answer any more. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/** Divides long work into turns, so that other requests and the live feed get theirs. */
export class Breather {
  private readonly signal: AbortSignal;
  private turnEndsMs = performance.now() + TURN_MS;

  /** @param signal ends the work: {@link pause} then throws */
  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Gives way if the turn is over. Call it every few thousand steps. @throws Abandoned */
  async pause(): Promise<void> {
    if (this.signal.aborted) throw new Abandoned("nobody waits for the answer");
    if (performance.now() < this.turnEndsMs) return;
    await nextTurn();
    this.turnEndsMs = performance.now() + TURN_MS;
  }
}
