import { badRequest } from "../http/api-error.ts";
import { readInstant } from "./instant.ts";

const DAY_MS = 86_400_000;

/** A half-open window, ms. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads `from` and `to`; `to` defaults to now, `from` to 24 hours before `to`. @throws ApiError */
export function readTimeWindow(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): TimeWindow {
  const toMs = query.to === undefined ? nowMs : readInstant("to", query.to);
  const fromMs = query.from === undefined ? Math.max(0, toMs - DAY_MS) : readInstant("from", query.from);
  if (fromMs >= toMs) {
    throw badRequest(
      `from must be before to: from is ${fromMs}, to is ${toMs}${query.to === undefined ? " (now)" : ""}`,
    );
  }
  return { fromMs, toMs };
}
