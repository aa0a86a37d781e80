const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before the next attempt: full jitter over a ceiling that doubles, so that a thousand maps do not
 * come back at once.
 * @param attempt 0 for the first retry
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
}
