/** The first wait is up to this long, ms. */
export const BACKOFF_BASE_MS = 500;
/** No wait is longer than this, ms, but for what the server asks. */
export const BACKOFF_MOST_MS = 30_000;

/**
 * Exponential back-off with full jitter: the n-th wait in a row is drawn evenly from 0 up to a bound that doubles from
 * {@link BACKOFF_BASE_MS} to {@link BACKOFF_MOST_MS}, so that many clients that failed together do not come back
 * together. What the server asks for (`retry_after_ms`) comes on top.
 */
export class Backoff {
  private readonly random: () => number;
  private attempts = 0;

  /** @param random draws a number in [0, 1) */
  constructor(random: () => number) {
    this.random = random;
  }

  /** The next wait in ms. @param askedMs what the server asked for, 0 where it did not */
  nextMs(askedMs = 0): number {
    const boundMs = Math.min(BACKOFF_MOST_MS, BACKOFF_BASE_MS * 2 ** Math.min(this.attempts++, 30));
    return askedMs + this.random() * boundMs;
  }

  /** Something worked: the next wait is a short one again. */
  reset(): void {
    this.attempts = 0;
  }
}
