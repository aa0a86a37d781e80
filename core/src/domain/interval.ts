import { MINUTE_MS } from "./minute.ts";

/** A maximal run of consecutive minutes in proximity: `[startMinute, endMinute)`. */
export interface Run {
  readonly startMinute: number;
  readonly endMinute: number;
}

/**
 * The maximal runs of a set of minutes, in order. Order and repetition of the input do not matter: being near in a
 * minute is a fact that is there or not, so merging two histories is their union.
 */
export function runsOf(minutes: Iterable<number>): Run[] {
  const ordered = Float64Array.from(minutes).sort();
  const runs: Run[] = [];
  let start = Number.NaN;
  let previous = Number.NaN;
  for (const minute of ordered) {
    if (minute === previous) continue;
    if (minute !== previous + 1) {
      if (!Number.isNaN(start)) runs.push({ startMinute: start, endMinute: previous + 1 });
      start = minute;
    }
    previous = minute;
  }
  if (!Number.isNaN(start)) runs.push({ startMinute: start, endMinute: previous + 1 });
  return runs;
}

/** Whether a run overlaps the half-open window `[fromMs, toMs)`. */
export function overlaps(run: Run, fromMs: number, toMs: number): boolean {
  return run.startMinute * MINUTE_MS < toMs && run.endMinute * MINUTE_MS > fromMs;
}

/** Length of a run in minutes. */
export function lengthMinutes(run: Run): number {
  return run.endMinute - run.startMinute;
}
