/**
 * Lets only so many sockets be in their handshake at once: thousands that connect in one moment would fail by the
 * server's queue of connections rather than by anything one wants to know.
 */
export class HandshakeGate {
  private readonly most: number;
  private readonly waiting: (() => void)[] = [];
  private open = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Calls `start` now or when others are through; whoever started must {@link leave} once. */
  enter(start: () => void): void {
    if (this.open >= this.most) {
      this.waiting.push(start);
      return;
    }
    this.open++;
    start();
  }

  leave(): void {
    this.open--;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.open++;
    next();
  }
}
