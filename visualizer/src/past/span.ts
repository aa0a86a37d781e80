/** What the slider covers, minutes `[from, to]`: the last of them is live where it is the newest there is. */
export interface Span {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** How much the slider can cover, minutes; 0 is all that is kept. */
export const SPANS = [60, 360, 1_440, 10_080, 0] as const;
export type SpanChoice = (typeof SPANS)[number];

/** Buckets that divide hours and days, minutes. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1_440];
const MOST_BUCKETS = 240;
const LEAST_MINUTES = 10;

/**
 * What the slider covers now: it ends with the present as long as that shows what one looks at, else it has that in
 * its middle.
 * @param firstMinute the oldest that is kept
 * @param shownMinute what one looks at, null for live
 */
export function spanFor(
  choice: SpanChoice,
  firstMinute: number,
  newestMinute: number,
  shownMinute: number | null,
): Span {
  const first = Math.min(firstMinute, newestMinute - LEAST_MINUTES);
  if (choice === 0 || newestMinute - first <= choice) return { fromMinute: first, toMinute: newestMinute };
  if (shownMinute === null || shownMinute >= newestMinute - choice) {
    return { fromMinute: newestMinute - choice, toMinute: newestMinute };
  }
  const fromMinute = Math.max(first, shownMinute - choice / 2);
  return { fromMinute, toMinute: fromMinute + choice };
}

/** As {@link spanFor}, but stays where it is while it shows what one looks at: the slider does not slip away. */
export function nextSpan(
  before: Span | null,
  choice: SpanChoice,
  firstMinute: number,
  newestMinute: number,
  shownMinute: number | null,
): Span {
  const next = spanFor(choice, firstMinute, newestMinute, shownMinute);
  if (before === null || shownMinute === null) return next;
  const sameLength = before.toMinute - before.fromMinute === next.toMinute - next.fromMinute;
  const inSight = shownMinute >= before.fromMinute && shownMinute <= before.toMinute;
  return sameLength && inSight && before.fromMinute >= firstMinute ? before : next;
}

/** How many minutes a bucket of the histogram holds. */
export function bucketMinutes({ fromMinute, toMinute }: Span): number {
  const least = (toMinute - fromMinute) / MOST_BUCKETS;
  return STEPS.find((step) => step >= least) ?? Math.min(1_440, Math.ceil(least));
}
