/**
 * The server's clock as seen from here. Every frame carries the server's time and took some time to come; the frame
 * that came fastest is the best estimate, so the largest difference counts. It is forgotten with the connection.
 */
export class ServerClock {
  private aheadMs: number | null = null;

  forget(): void {
    this.aheadMs = null;
  }

  /** Learns from a frame made at `serverMs` that was read at `localMs`. */
  learn(serverMs: number, localMs: number): void {
    const aheadMs = serverMs - localMs;
    if (this.aheadMs === null || aheadMs > this.aheadMs) this.aheadMs = aheadMs;
  }

  /** The server's time at a local time; the local one while nothing is known. */
  at(localMs: number): number {
    return localMs + (this.aheadMs ?? 0);
  }
}
