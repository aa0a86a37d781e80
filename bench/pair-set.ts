const GAP_OFFSET_DM = 512;
const LENGTHS = 1_024;

/** The pairs that one way of finding them found, with their gap and reach, to be compared with another's. */
export class PairSet {
  private readonly devices: number;
  private readonly keys: number[] = [];

  constructor(devices: number) {
    this.devices = devices;
  }

  /** Adds a pair of devices, in either order, by their numbers from 0. */
  add(a: number, b: number, gapDm: number, reachDm: number): void {
    const pair = Math.min(a, b) * this.devices + Math.max(a, b);
    this.keys.push((pair * LENGTHS + gapDm + GAP_OFFSET_DM) * LENGTHS + reachDm);
  }

  get size(): number {
    return this.keys.length;
  }

  /** @throws where the other set does not hold the same pairs with the same lengths */
  assertEqual(other: PairSet): void {
    const own = Float64Array.from(this.keys).sort();
    const others = Float64Array.from(other.keys).sort();
    const differs = own.length !== others.length || own.some((key, i) => key !== others[i]);
    if (differs) throw new Error(`pair sets differ: ${own.length} and ${others.length} pairs`);
  }
}
