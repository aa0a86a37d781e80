import type { Reply } from "../transport/outcomes.ts";
import type { Parcel } from "./parcel.ts";

/** Different reasons that are told apart; all others are counted together. */
const REASONS_MAX = 50;
const OTHER = "other reasons";

/** What was wrong with fixes, how often, and the first line of each reason; of what the replies list. */
export class Refusals {
  private readonly byReason = new Map<string, { count: number; readonly firstLine: number }>();

  add(parcels: readonly Parcel[], reply: Reply): void {
    for (const { index, outcome, reason } of reply.errors ?? []) {
      // The other outcomes' reasons say what the outcome says, with the fix's own numbers.
      if (outcome === "invalid" || outcome === "forbidden") this.count(`${outcome}: ${reason}`, parcels[index]?.line);
    }
  }

  /** Notes a line that the server would not take as a frame. */
  addBadFrame(parcels: readonly Parcel[], message: string): void {
    this.count(`bad_frame: ${message}`, parcels[0]?.line);
  }

  /** Reasons, the most frequent first. */
  list(): { readonly reason: string; readonly count: number; readonly firstLine: number }[] {
    return [...this.byReason].map(([reason, seen]) => ({ reason, ...seen })).sort((a, b) => b.count - a.count);
  }

  private count(reason: string, line = 0): void {
    const key = this.byReason.has(reason) || this.byReason.size < REASONS_MAX ? reason : OTHER;
    const seen = this.byReason.get(key) ?? { count: 0, firstLine: line };
    this.byReason.set(key, seen);
    seen.count++;
  }
}
