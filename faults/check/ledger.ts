import type { WireFix } from "@encounter/core/wire/fix";
import type { FixOutcome } from "../../simulator/src/transport/outcomes.ts";

/** All that a device knows of one fix that it sent. */
export interface SentFix {
  readonly fix: WireFix;
  /** Epochs in which it was answered `accepted`. */
  readonly acceptedIn: string[];
  /** Attempts answered with another outcome. */
  readonly otherOutcomes: FixOutcome[];
  /** Attempts whose answer never came: stored or not. */
  unknownAttempts: number;
}

/** What devices sent and were answered: all that the checker knows of what should be there. */
export class Ledger {
  private readonly entries = new Map<WireFix, SentFix>();

  answered(fix: WireFix, outcome: FixOutcome, epoch: string): void {
    const entry = this.entryOf(fix);
    if (outcome === "accepted") entry.acceptedIn.push(epoch);
    else entry.otherOutcomes.push(outcome);
  }

  unknown(fix: WireFix): void {
    this.entryOf(fix).unknownAttempts += 1;
  }

  get sent(): readonly SentFix[] {
    return [...this.entries.values()];
  }

  /** Fixes that a door said it accepted. */
  get accepted(): number {
    return this.sent.filter(({ acceptedIn }) => acceptedIn.length > 0).length;
  }

  /** Fixes of which nobody ever told what became of them. */
  get unknownCount(): number {
    return this.sent.filter((each) => each.unknownAttempts > 0 && !isSettled(each)).length;
  }

  /** Fixes that were accepted once more in another epoch: the store had lost them. */
  get acceptedAgain(): number {
    return this.sent.filter(({ acceptedIn }) => new Set(acceptedIn).size > 1).length;
  }

  private entryOf(fix: WireFix): SentFix {
    let entry = this.entries.get(fix);
    if (entry === undefined) {
      entry = { fix, acceptedIn: [], otherOutcomes: [], unknownAttempts: 0 };
      this.entries.set(fix, entry);
    }
    return entry;
  }
}

function isSettled({ acceptedIn, otherOutcomes }: SentFix): boolean {
  return acceptedIn.length > 0 || otherOutcomes.length > 0;
}
