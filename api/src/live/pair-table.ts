const CAPACITY_MIN = 64;

/**
 * The pairs of one minute by the numbers of their devices, as columns by slot: a hash table with open addressing,
 * because a crowd has hundreds of thousands of pairs and each is looked up several times a second.
 */
export class PairTable {
  count = 0;
  /** Smaller and larger device number, by slot. */
  a = new Uint32Array(CAPACITY_MIN);
  b = new Uint32Array(CAPACITY_MIN);
  gapDm = new Int16Array(CAPACITY_MIN);
  reachDm = new Uint16Array(CAPACITY_MIN);
  /** First minute of the run the pair is in, by slot, as far as it is known. */
  startMinute = new Int32Array(CAPACITY_MIN);
  /** Slot + 1, or 0. Twice as long as the columns, so at most half full. */
  private buckets = new Uint32Array(CAPACITY_MIN * 2);

  /** Slot of a pair, whichever way round, or -1. */
  find(one: number, other: number): number {
    return one < other ? this.slotOf(one, other) : this.slotOf(other, one);
  }

  /** Adds a pair and returns its slot, or -1 where it is there already. */
  add(one: number, other: number, gapDm: number, reachDm: number, startMinute: number): number {
    const a = Math.min(one, other);
    const b = Math.max(one, other);
    if (this.slotOf(a, b) >= 0) return -1;
    if (this.count === this.a.length) this.grow();
    const slot = this.count++;
    this.a[slot] = a;
    this.b[slot] = b;
    this.gapDm[slot] = gapDm;
    this.reachDm[slot] = reachDm;
    this.startMinute[slot] = startMinute;
    this.enter(slot);
    return slot;
  }

  private slotOf(a: number, b: number): number {
    const mask = this.buckets.length - 1;
    for (let bucket = hash(a, b) & mask; ; bucket = (bucket + 1) & mask) {
      const slot = (this.buckets[bucket] as number) - 1;
      if (slot < 0 || (this.a[slot] === a && this.b[slot] === b)) return slot;
    }
  }

  private enter(slot: number): void {
    const mask = this.buckets.length - 1;
    let bucket = hash(this.a[slot] as number, this.b[slot] as number) & mask;
    while (this.buckets[bucket] !== 0) bucket = (bucket + 1) & mask;
    this.buckets[bucket] = slot + 1;
  }

  private grow(): void {
    const capacity = this.a.length * 2;
    this.a = grown(this.a, new Uint32Array(capacity));
    this.b = grown(this.b, new Uint32Array(capacity));
    this.gapDm = grown(this.gapDm, new Int16Array(capacity));
    this.reachDm = grown(this.reachDm, new Uint16Array(capacity));
    this.startMinute = grown(this.startMinute, new Int32Array(capacity));
    this.buckets = new Uint32Array(capacity * 2);
    for (let slot = 0; slot < this.count; slot++) this.enter(slot);
  }
}

/** Multiplicative mixing with the finalizer of MurmurHash3, so that the low bits depend on all. */
function hash(a: number, b: number): number {
  let h = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function grown<Column extends Uint32Array | Int32Array | Int16Array | Uint16Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
