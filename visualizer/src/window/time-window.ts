import type { MapState } from "../state/map-state.ts";

/** `[fromMs, toMs)`. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The window that tables are about, as it is now: where it has no end of its own it ends with what is shown. */
export function windowNow(state: MapState): TimeWindow {
  const toMs = state.windowTo.peek() ?? Math.floor(state.shownTimeMs());
  return { fromMs: state.windowFrom.peek() ?? Math.max(0, toMs - windowLengthMs(state)), toMs };
}

/** How long a window without a start of its own is. */
export function windowLengthMs(state: MapState): number {
  const minutes = state.windowMinutes.value;
  return minutes === null ? DAY_MS : minutes * 60_000;
}
