import { minuteOf } from "@encounter/core/domain/minute";
import type { SimulatedFix } from "../simulating/simulated-fix.ts";
import type { FixOutcome } from "../transport/outcomes.ts";

/** Minutes back for which is known what each device has stored. */
const MINUTES_KNOWN = 8;
/** Examples kept of what was unexpected. */
const EXAMPLES_MAX = 5;

/**
 * Holds the server to the contract: every outcome must be one that could follow from what was sent. It remembers for
 * each device the last minutes in which a fix of it is stored; two `accepted` in one would be a second effect.
 */
export class OutcomeCheck {
  unexpected = 0;
  readonly examples: string[] = [];
  private readonly stored: Float64Array;
  private readonly cursor: Uint8Array;
  private readonly maxAccuracyM: readonly (number | null)[];
  private readonly venueOf: (device: number) => number;

  /** @param maxAccuracyM each venue's accuracy limit, null where it is not known */
  constructor(devices: number, maxAccuracyM: readonly (number | null)[], venueOf: (device: number) => number) {
    this.stored = new Float64Array(devices * MINUTES_KNOWN).fill(-1);
    this.cursor = new Uint8Array(devices);
    this.maxAccuracyM = maxAccuracyM;
    this.venueOf = venueOf;
  }

  /** Checks one answer. */
  check(fix: SimulatedFix, outcome: FixOutcome): void {
    const trouble = this.troubleWith(fix, outcome);
    if (outcome === "accepted" || outcome === "repeated") this.remember(fix.device, minuteOf(fix.fixTimeMs));
    if (trouble !== null) this.note(`${trouble} (device ${fix.device + 1} of the fleet, timestamp ${fix.fixTimeMs})`);
  }

  /** Notes something else that no server should do. */
  note(message: string): void {
    this.unexpected++;
    if (this.examples.length < EXAMPLES_MAX) this.examples.push(message);
  }

  /** The store went back in time: this fix may be accepted once more. */
  forget(fix: SimulatedFix): void {
    const minute = minuteOf(fix.fixTimeMs);
    const first = fix.device * MINUTES_KNOWN;
    for (let i = first; i < first + MINUTES_KNOWN; i++) if (this.stored[i] === minute) this.stored[i] = -1;
  }

  private troubleWith(fix: SimulatedFix, outcome: FixOutcome): string | null {
    const limitM = this.maxAccuracyM[this.venueOf(fix.device)] ?? null;
    const tooInaccurate = limitM !== null && fix.accuracyM > limitM;
    switch (outcome) {
      case "accepted":
        if (this.isStored(fix.device, minuteOf(fix.fixTimeMs))) return "accepted a second fix in one minute";
        return tooInaccurate ? `accepted an accuracy of ${fix.accuracyM} m where the limit is ${limitM} m` : null;
      case "repeated":
        return tooInaccurate ? `called a fix of accuracy ${fix.accuracyM} m repeated: it is inaccurate` : null;
      case "inaccurate":
        if (limitM === null || tooInaccurate) return null;
        return `called an accuracy of ${fix.accuracyM} m inaccurate where the limit is ${limitM} m`;
      case "unlisted":
        return null;
      default:
        return `called a good fix ${outcome}`;
    }
  }

  private isStored(device: number, minute: number): boolean {
    const first = device * MINUTES_KNOWN;
    for (let i = first; i < first + MINUTES_KNOWN; i++) if (this.stored[i] === minute) return true;
    return false;
  }

  private remember(device: number, minute: number): void {
    if (this.isStored(device, minute)) return;
    const at = this.cursor[device]!;
    this.stored[device * MINUTES_KNOWN + at] = minute;
    this.cursor[device] = (at + 1) % MINUTES_KNOWN;
  }
}
