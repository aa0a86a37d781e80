/** Length of a minute's window in ms. */
export const MINUTE_MS = 60_000;

/** The minute a time falls in: tumbling, half-open windows since the Unix epoch. */
export function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS);
}

/** First ms of a minute. */
export function minuteStartMs(minute: number): number {
  return minute * MINUTE_MS;
}

/** First minute whose window overlaps `[fromMs, ...)`. */
export function firstMinuteIn(fromMs: number): number {
  return minuteOf(fromMs);
}

/** First minute whose window lies wholly at or after `toMs`: the exclusive end of the minutes that overlap `[..., toMs)`. */
export function minuteAfter(toMs: number): number {
  return Math.ceil(toMs / MINUTE_MS);
}
