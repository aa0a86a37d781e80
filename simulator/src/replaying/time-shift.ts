import { MINUTE_MS, minuteOf } from "@encounter/core/domain/minute";

/** How recorded times are brought to the present. */
export type ShiftChoice =
  | { readonly kind: "to-now" }
  | { readonly kind: "none" }
  | { readonly kind: "by-minutes"; readonly minutes: number };

/**
 * By how much to shift times, ms: always whole minutes, so that fixes of one minute stay together and those of two
 * stay apart. To now means that the newest fix's minute is the last one that is over.
 */
export function shiftMs(choice: ShiftChoice, newestMs: number, nowMs: number): number {
  if (choice.kind === "none" || Number.isNaN(newestMs)) return 0;
  if (choice.kind === "by-minutes") return choice.minutes * MINUTE_MS;
  return (minuteOf(nowMs) - 1 - minuteOf(newestMs)) * MINUTE_MS;
}
