import { minuteOf } from "@encounter/core/domain/minute";
import type { AnswerListener } from "../simulating/recorder.ts";
import type { SimulatedFix } from "../simulating/simulated-fix.ts";
import type { FixOutcome } from "../transport/outcomes.ts";

/** What is known of a device's fix of a minute. */
export interface LedgerEntry {
  /** The fix that was answered `accepted`, if any was. */
  readonly accepted: SimulatedFix | null;
  /**
   * Without that: fixes answered `repeated`, one of which may have been accepted in an answer that got lost with its
   * connection.
   */
  readonly candidates: readonly SimulatedFix[];
}

/** Keeps what became of every fix, by minute and device, for checking it against what the server has stored. */
export class SentLedger implements AnswerListener {
  private readonly minutes = new Map<number, Map<number, LedgerEntry>>();

  answered(fix: SimulatedFix, outcome: FixOutcome): void {
    if (outcome !== "accepted" && outcome !== "repeated" && outcome !== "unlisted") return;
    const minute = minuteOf(fix.fixTimeMs);
    const devices = this.minutes.get(minute) ?? new Map<number, LedgerEntry>();
    this.minutes.set(minute, devices);
    const known = devices.get(fix.device);
    if (outcome === "accepted") devices.set(fix.device, { accepted: fix, candidates: [] });
    else if (known === undefined) devices.set(fix.device, { accepted: null, candidates: [fix] });
    else if (known.accepted === null) devices.set(fix.device, withCandidate(known, fix));
  }

  /** The minutes with fixes, oldest first, and what is known of each device in them. */
  entries(): [minute: number, devices: ReadonlyMap<number, LedgerEntry>][] {
    return [...this.minutes].sort(([a], [b]) => a - b);
  }
}

function withCandidate(entry: LedgerEntry, fix: SimulatedFix): LedgerEntry {
  return entry.candidates.includes(fix) ? entry : { accepted: null, candidates: [...entry.candidates, fix] };
}
