import { PAIR_BYTES } from "@encounter/core/storage/records";
import type { Breather } from "../breather.ts";
import { isWithin, type Nearness } from "../contacts/run-tracker.ts";
import { PairTable } from "../live/pair-table.ts";

/** Pairs looked at between two pauses. */
const PAIRS_PER_TURN = 4_096;

/**
 * The runs that still go on while they are followed back, minute by minute. Most of a crowd's end soon: the table
 * shrinks with them, and pairs of devices that have none left are passed over without a look into it.
 */
export class OpenRuns {
  private readonly all: PairTable;
  private readonly nearness: Nearness;
  private open: PairTable;
  private devices: Uint8Array = new Uint8Array(0);
  private minute: number;

  /** @param all the pairs of a minute, whose first minutes are brought up to date by {@link settle} */
  constructor(all: PairTable, minute: number, nearness: Nearness) {
    this.all = all;
    this.nearness = nearness;
    this.minute = minute;
    this.open = all;
    this.markDevices();
  }

  /** The pairs whose runs may go on, with what is known of their first minutes. */
  get pairs(): PairTable {
    return this.open;
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
    if (count * 2 < this.open.count) this.shrink();
    return count > 0;
  }

  private followPart(view: DataView, from: number, end: number): number {
    let count = 0;
    for (let at = from; at + PAIR_BYTES <= end; at += PAIR_BYTES) {
      if (!isWithin(this.nearness, view.getInt16(at + 8, true), view.getUint16(at + 10, true))) continue;
      const one = view.getUint32(at, true);
      const other = view.getUint32(at + 4, true);
      if (this.devices[one] !== 1 || this.devices[other] !== 1) continue;
      const slot = this.open.find(one, other);
      if (slot < 0 || this.open.startMinute[slot] !== this.minute + 1) continue;
      this.open.startMinute[slot] = this.minute;
      count++;
    }
    return count;
  }

  private shrink(): void {
    const former = this.open;
    this.settle();
    this.open = new PairTable();
    for (let slot = 0; slot < former.count; slot++) {
      if (former.startMinute[slot] !== this.minute) continue;
      this.open.add(former.a[slot] as number, former.b[slot] as number, 0, 0, this.minute);
    }
    this.markDevices();
  }

  private markDevices(): void {
    const { a, b, count } = this.open;
    let largest = 0;
    for (let slot = 0; slot < count; slot++) largest = Math.max(largest, b[slot] as number);
    this.devices = new Uint8Array(largest + 1);
    for (let slot = 0; slot < count; slot++) {
      this.devices[a[slot] as number] = 1;
      this.devices[b[slot] as number] = 1;
    }
  }

  /** Says in the table of all pairs what was found. */
  settle(): void {
    const { open, all } = this;
    if (open === all) return;
    for (let slot = 0; slot < open.count; slot++) {
      all.startMinute[all.find(open.a[slot] as number, open.b[slot] as number)] = open.startMinute[slot] as number;
    }
  }
}
