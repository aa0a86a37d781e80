import type { LiveLines } from "@encounter/core/wire/live";

const MINUTES_MAX = 0xffff;
const CAPACITY_MIN = 64;

/** Lines as they are gathered. */
export class LineColumns {
  private count = 0;
  private a = new Uint32Array(CAPACITY_MIN);
  private b = new Uint32Array(CAPACITY_MIN);
  private minutes = new Uint16Array(CAPACITY_MIN);
  private gapDm = new Int16Array(CAPACITY_MIN);
  private reachDm = new Uint16Array(CAPACITY_MIN);

  add(a: number, b: number, minutes: number, gapDm: number, reachDm: number): void {
    if (this.count === this.a.length) this.grow();
    const at = this.count++;
    this.a[at] = a;
    this.b[at] = b;
    this.minutes[at] = Math.min(MINUTES_MAX, minutes);
    this.gapDm[at] = gapDm;
    this.reachDm[at] = reachDm;
  }

  /** The lines, in columns of their exact length. */
  finish(): LiveLines {
    const { count, a, b, minutes, gapDm, reachDm } = this;
    return {
      count,
      a: a.subarray(0, count),
      b: b.subarray(0, count),
      minutes: minutes.subarray(0, count),
      gapDm: gapDm.subarray(0, count),
      reachDm: reachDm.subarray(0, count),
    };
  }

  private grow(): void {
    const capacity = this.a.length * 2;
    this.a = withRoom(this.a, new Uint32Array(capacity));
    this.b = withRoom(this.b, new Uint32Array(capacity));
    this.minutes = withRoom(this.minutes, new Uint16Array(capacity));
    this.gapDm = withRoom(this.gapDm, new Int16Array(capacity));
    this.reachDm = withRoom(this.reachDm, new Uint16Array(capacity));
  }
}

function withRoom<Column extends Uint32Array | Int16Array | Uint16Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}

/** Whether two lists of lines are the same, in the same order. */
export function sameLines(one: LiveLines, other: LiveLines): boolean {
  return (
    one.count === other.count &&
    equal(one.a, other.a) &&
    equal(one.b, other.b) &&
    equal(one.minutes, other.minutes) &&
    equal(one.gapDm, other.gapDm) &&
    equal(one.reachDm, other.reachDm)
  );
}

function equal(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
