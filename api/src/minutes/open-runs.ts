import { PAIR_BYTES } from "@encounter/core/storage/records";
import type { Breather } from "../breather.ts";
import type { Nearness } from "../contacts/run-tracker.ts";
import type { PairTable } from "../live/pair-table.ts";

/** Pairs looked at between two pauses. */
const PAIRS_PER_TURN = 4_096;
/** Where in a stored pair its gap and its reach are. */
const GAP_AT = 8;
const REACH_AT = 10;

/**
 * The runs that still go on while they are followed back, minute by minute, as rows: for each device its partners of
 * higher number, side by side. A pair is found by one look at the row's beginning and a walk along the few that are in
 * it, all of them near in memory; in a hash table of a crowd's pairs each look goes elsewhere. Rows lose what has
 * ended.
 */
export class OpenRuns {
  private readonly all: PairTable;
  private readonly nearness: Nearness;
  private minute: number;
  /** By device number: where its row begins and how many are in it. */
  private readonly rowStarts: Uint32Array;
  private readonly rowLengths: Uint32Array;
  /** By place in the rows: the partner, the pair's slot in the table of all, and the first minute known of its run. */
  private readonly partners: Uint32Array;
  private readonly slots: Uint32Array;
  private readonly firstMinutes: Int32Array;

  /** @param all the pairs of a minute, whose first minutes are brought up to date by {@link settle} */
  constructor(all: PairTable, minute: number, nearness: Nearness) {
    this.all = all;
    this.nearness = nearness;
    this.minute = minute;
    const largest = all.b.subarray(0, all.count).reduce((most, device) => Math.max(most, device), 0);
    this.rowStarts = new Uint32Array(largest + 2);
    this.rowLengths = new Uint32Array(largest + 2);
    this.partners = new Uint32Array(all.count);
    this.slots = new Uint32Array(all.count);
    this.firstMinutes = new Int32Array(all.count).fill(minute);
    this.fillRows();
  }

  private fillRows(): void {
    const { all, rowStarts, rowLengths } = this;
    for (let slot = 0; slot < all.count; slot++) rowStarts[(all.a[slot] as number) + 1]!++;
    for (let device = 1; device < rowStarts.length; device++) rowStarts[device]! += rowStarts[device - 1] as number;
    for (let slot = 0; slot < all.count; slot++) {
      const a = all.a[slot] as number;
      const at = (rowStarts[a] as number) + (rowLengths[a] as number);
      rowLengths[a]!++;
      this.partners[at] = all.b[slot] as number;
      this.slots[at] = slot;
    }
  }

  /** Goes one minute back, whose pair list this is; returns whether any run goes on in it. */
  async follow(list: Uint8Array, breather: Breather): Promise<boolean> {
    this.minute--;
    const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
    let count = 0;
    for (let at = 0; at < list.byteLength; at += PAIRS_PER_TURN * PAIR_BYTES) {
      await breather.pause();
      count += this.followPart(view, at, Math.min(list.byteLength, at + PAIRS_PER_TURN * PAIR_BYTES));
    }
    if (count > 0) this.dropEnded();
    return count > 0;
  }

  private followPart(view: DataView, from: number, end: number): number {
    const { rowStarts, rowLengths, partners, firstMinutes, minute } = this;
    const { proximityDm, certainOnly } = this.nearness;
    const measureAt = certainOnly ? REACH_AT : GAP_AT;
    const devices = rowLengths.length;
    let count = 0;
    for (let at = from; at + PAIR_BYTES <= end; at += PAIR_BYTES) {
      // A reach is never negative, nor too large for this.
      if (view.getInt16(at + measureAt, true) > proximityDm) continue;
      const one = view.getUint32(at, true);
      const other = view.getUint32(at + 4, true);
      const a = Math.min(one, other);
      if (a >= devices) continue;
      const b = Math.max(one, other);
      let place = rowStarts[a] as number;
      const rowEnd = place + (rowLengths[a] as number);
      while (place < rowEnd && partners[place] !== b) place++;
      if (place === rowEnd || firstMinutes[place] !== minute + 1) continue;
      firstMinutes[place] = minute;
      count++;
    }
    return count;
  }

  /** Says of the runs that have just ended when they began, and moves the others of a row together. */
  private dropEnded(): void {
    const { rowStarts, rowLengths, partners, slots, firstMinutes, minute } = this;
    for (let device = 0; device < rowLengths.length; device++) {
      const start = rowStarts[device] as number;
      const end = start + (rowLengths[device] as number);
      let kept = start;
      for (let place = start; place < end; place++) {
        const first = firstMinutes[place] as number;
        const slot = slots[place] as number;
        if (first !== minute) {
          this.all.startMinute[slot] = first;
          continue;
        }
        partners[kept] = partners[place] as number;
        slots[kept] = slot;
        firstMinutes[kept++] = first;
      }
      rowLengths[device] = kept - start;
    }
  }

  /** Says in the table of all pairs what was found. */
  settle(): void {
    for (let device = 0; device < this.rowLengths.length; device++) {
      const start = this.rowStarts[device] as number;
      for (let place = start; place < start + (this.rowLengths[device] as number); place++) {
        this.all.startMinute[this.slots[place] as number] = this.firstMinutes[place] as number;
      }
    }
  }
}
