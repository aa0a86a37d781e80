import type { Activity } from "../server/history.ts";
import type { Span } from "./span.ts";

/** The height in which {@link histogramPaths} are drawn; the width is the span's minutes. */
export const HISTOGRAM_HEIGHT = 100;
/** Pairs stand before the fixes, which are to be seen behind them. */
const PAIRS_HEIGHT = 72;
/** A bucket in which anything happened is seen, however little it was. */
const LEAST_HEIGHT = 4;

/** Bars of what happened in a span, as the `d` of SVG paths: x in minutes since its start, y down to the height. */
export function histogramPaths(activity: Activity, span: Span): { fixes: string; pairs: string } {
  const offset = activity.from / 60_000 - span.fromMinute;
  const bars = (counts: readonly number[], height: number) => barsPath(counts, offset, activity.step_minutes, height);
  return { fixes: bars(activity.fixes, HISTOGRAM_HEIGHT), pairs: bars(activity.pairs, PAIRS_HEIGHT) };
}

function barsPath(counts: readonly number[], offset: number, step: number, heightOfMost: number): string {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return "";
  const width = (step * 0.86).toFixed(2);
  return counts
    .map((count, bucket) => {
      if (count === 0) return "";
      const height = Math.max(LEAST_HEIGHT, (count / most) * heightOfMost).toFixed(1);
      return `M${(offset + bucket * step).toFixed(2)} ${HISTOGRAM_HEIGHT}v-${height}h${width}v${height}z`;
    })
    .join("");
}

/** Where times are written beneath a span. */
export interface TimeTick {
  readonly minute: number;
  /** Whether a day begins there. */
  readonly midnight: boolean;
}

const TICK_STEPS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];

/**
 * Round times within a span, by the clock of a zone.
 * @param offsetMinutes how far that clock is ahead of UTC
 * @param most how many there is room for
 */
export function ticksOf({ fromMinute, toMinute }: Span, offsetMinutes: number, most: number): TimeTick[] {
  const step = TICK_STEPS.find((candidate) => (toMinute - fromMinute) / candidate <= most) ?? 43_200;
  const ticks: TimeTick[] = [];
  const first = Math.ceil((fromMinute + offsetMinutes) / step) * step;
  for (let wall = first; wall - offsetMinutes <= toMinute; wall += step) {
    ticks.push({ minute: wall - offsetMinutes, midnight: wall % 1_440 === 0 });
  }
  return ticks;
}
