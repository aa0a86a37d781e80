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
  /** What drawing took that all else has not had since, as of a time. */
  private owedMs = 0;
  private owedAtMs = 0;
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
    this.whenFree(() => this.end(beganMs));
  }

  /** How long new data should wait before it is drawn, ms; 0 where drawing is quick. */
  restMs(): number {
    return Math.max(0, this.owedAtMs + this.owedMs - this.nowMs());
  }

  /** One change may be drawn several times: by what is told of it at once, and by what is worked out later. */
  private end(beganMs: number): void {
    this.isDrawing = false;
    const nowMs = this.nowMs();
    const owedMs = Math.max(0, this.owedAtMs + this.owedMs - beganMs);
    const tookMs = nowMs - beganMs;
    this.owedMs = tookMs < SLOW_DRAW_MS ? owedMs : Math.min(LONGEST_REST_MS, owedMs + tookMs);
    this.owedAtMs = nowMs;
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
