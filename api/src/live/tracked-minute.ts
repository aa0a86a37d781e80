import { PAIR_BYTES } from "@encounter/core/storage/records";
import { PairTable } from "./pair-table.ts";

/** No ordinal: the device has no accepted fix in the minute. */
const NONE = 0xffff_ffff;
const CAPACITY_MIN = 256;

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
  private accepted = 0;
  private ordinals = new Uint32Array(CAPACITY_MIN).fill(NONE);

  constructor(minute: number) {
    this.minute = minute;
  }

  /** Notes that the device of an index had its fix of this minute accepted, in the order of acceptance. */
  accept(deviceIndex: number): void {
    if (deviceIndex >= this.ordinals.length) this.grow(deviceIndex + 1);
    if (this.ordinals[deviceIndex] !== NONE) return;
    this.ordinals[deviceIndex] = this.accepted++;
  }

  /** Whether the device's fix of this minute is reflected in the pairs. */
  isEvaluated(deviceIndex: number): boolean {
    return (this.ordinals[deviceIndex] ?? NONE) < this.evaluated;
  }

  /** Takes in what the pair list grew by, as far as the gap is at most `gapDmMax`; returns how many pairs are new. */
  addPairs(bytes: Uint8Array, gapDmMax: number): number {
    const before = this.pairs.count;
    const whole = bytes.byteLength - (bytes.byteLength % PAIR_BYTES);
    eachPair(bytes, (one, other, gapDm, reachDm) => {
      if (gapDm <= gapDmMax) this.pairs.add(one, other, gapDm, reachDm, this.minute);
    });
    this.bytesRead += whole;
    return this.pairs.count - before;
  }

  private grow(length: number): void {
    const ordinals = new Uint32Array(Math.max(length, this.ordinals.length * 2)).fill(NONE);
    ordinals.set(this.ordinals);
    this.ordinals = ordinals;
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
