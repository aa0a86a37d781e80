/** Some things to send together, and what became of it so far. */
export interface Frame<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  /** Sent once more on purpose: although it was answered, or because the store went back in time. */
  readonly again: boolean;
  /** The frame's text, empty until it is first sent. */
  text: string;
  /** When it was sent last, ms of the monotonic clock; 0 before. */
  sentMs: number;
  /** How often it was sent. */
  attempts: number;
}

/**
 * The frames of one socket in their order: queued, then sent, then answered. A frame that has to be sent again goes
 * before all that were not sent yet, and nothing new is sent while one waits for that, so the order of sending is the
 * order of queueing whatever fails.
 */
export class Outbox<Item> {
  private readonly window: number;
  private readonly queue: Frame<Item>[] = [];
  private readonly inFlight: Frame<Item>[] = [];
  private readonly failed: Frame<Item>[] = [];
  private labels = 0;

  /** @param window most frames sent and not answered */
  constructor(window: number) {
    this.window = window;
  }

  /** Frames that are not answered. */
  get size(): number {
    return this.queue.length + this.inFlight.length + this.failed.length;
  }

  /** The frame that waits longest for its answer. */
  get oldestSent(): Frame<Item> | undefined {
    return this.inFlight[0];
  }

  add(items: readonly Item[], again: boolean): void {
    this.queue.push(this.frame(items, again));
  }

  /** Queues frames before all that were not sent yet. */
  addFirst(itemsOfFrames: readonly (readonly Item[])[]): void {
    this.queue.unshift(...itemsOfFrames.map((items) => this.frame(items, true)));
  }

  /** The next frame to send, marked as sent; undefined where none may be sent now. */
  take(): Frame<Item> | undefined {
    if (this.failed.length > 0 || this.inFlight.length >= this.window) return undefined;
    const frame = this.queue.shift();
    if (frame !== undefined) this.inFlight.push(frame);
    return frame;
  }

  /** The frame that the next answer is for, taken out: answers come in the order of sending. */
  settle(): Frame<Item> | undefined {
    return this.inFlight.shift();
  }

  /** A settled frame that has to be sent again. */
  fail(frame: Frame<Item>): void {
    this.failed.push(frame);
  }

  /** Whether frames have to be sent again and all answers to what was sent are in. */
  get isReadyToRetry(): boolean {
    return this.failed.length > 0 && this.inFlight.length === 0;
  }

  /** Everything sent and not answered goes back to the front of the queue, in order. */
  retry(): void {
    this.queue.unshift(...this.failed.splice(0), ...this.inFlight.splice(0));
  }

  private frame(items: readonly Item[], again: boolean): Frame<Item> {
    return { label: String(++this.labels), items, again, text: "", sentMs: 0, attempts: 0 };
  }
}
