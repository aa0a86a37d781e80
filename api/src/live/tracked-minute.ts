import { PAIR_BYTES } from "@encounter/core/storage/records";
import { isWithin, type Nearness } from "../contacts/run-tracker.ts";
import { PairTable } from "./pair-table.ts";
import type { Roster } from "./rosters.ts";

/** A minute near the present: who has a fix in it, how many of them are evaluated, and the pairs that brought. */
export class TrackedMinute {
  readonly minute: number;
  /** How many of the minute's fixes are evaluated: those with a smaller ordinal. */
  evaluated = 0;
  /** How much of the minute's pair list was read. */
  bytesRead = 0;
  /** Whether more may be there to read. */
  isStale = true;
  readonly pairs = new PairTable();
  private readonly roster: Roster;

  constructor(minute: number, roster: Roster) {
    this.minute = minute;
    this.roster = roster;
  }

  /** Notes that the device of an index had its fix of this minute accepted, in the order of acceptance. */
  accept(deviceIndex: number): void {
    this.roster.accept(deviceIndex);
  }

  /** Whether the device's fix of this minute is reflected in the pairs. */
  isEvaluated(deviceIndex: number): boolean {
    return this.roster.isAmongFirst(deviceIndex, this.evaluated);
  }

  /** Takes in what the pair list grew by, as far as it is near enough; returns how many pairs are new. */
  addPairs(bytes: Uint8Array, nearness: Nearness): number {
    const before = this.pairs.count;
    const whole = bytes.byteLength - (bytes.byteLength % PAIR_BYTES);
    eachPair(bytes, (one, other, gapDm, reachDm) => {
      if (isWithin(nearness, gapDm, reachDm)) this.pairs.add(one, other, gapDm, reachDm, this.minute);
    });
    this.bytesRead += whole;
    return this.pairs.count - before;
  }
}

/** Reads a pair list without making objects of its records. */
export function eachPair(
  bytes: Uint8Array,
  visit: (one: number, other: number, gapDm: number, reachDm: number) => void,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + PAIR_BYTES <= bytes.byteLength; at += PAIR_BYTES) {
    visit(
      view.getUint32(at, true),
      view.getUint32(at + 4, true),
      view.getInt16(at + 8, true),
      view.getUint16(at + 10, true),
    );
  }
}
