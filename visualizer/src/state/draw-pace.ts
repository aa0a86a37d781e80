/** A page that is busy drawing for so long at a time feels slow, ms. */
const SLOW_DRAW_MS = 80;
/** Longest that new data waits for its turn, ms. */
const LONGEST_REST_MS = 2_500;

/**
 * How long the page is kept busy by drawing the map, and how long new data should wait so that it has as much time
 * for everything else: where the graphics are drawn in software, a crowd takes half a second, and drawing it twice a
 * second would leave nobody a click.
 */
export class DrawPace {
  private readonly nowMs: () => number;
  private readonly whenFree: (then: () => void) => void;
  private tookMs = 0;
  private endedAtMs = Number.NEGATIVE_INFINITY;
  private isDrawing = false;

  /** @param whenFree calls back once the page can do something else; the clock is any that only grows */
  constructor(nowMs: () => number = () => performance.now(), whenFree: (then: () => void) => void = nextTask()) {
    this.nowMs = nowMs;
    this.whenFree = whenFree;
  }

  /** Notes that a frame is being drawn from now on. */
  begin(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    const beganMs = this.nowMs();
    this.whenFree(() => {
      this.isDrawing = false;
      this.endedAtMs = this.nowMs();
      this.tookMs = this.endedAtMs - beganMs;
    });
  }

  /** How long new data should wait before it is drawn, ms; 0 where drawing is quick. */
  restMs(): number {
    if (this.tookMs < SLOW_DRAW_MS) return 0;
    const rest = Math.min(LONGEST_REST_MS, this.tookMs);
    return Math.max(0, this.endedAtMs + rest - this.nowMs());
  }
}

/** Calls back in a task of its own: after the frame is drawn, for it is drawn in the task that asked for it. */
function nextTask(): (then: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (then) => {
    waiting.push(then);
    port2.postMessage(null);
  };
}
