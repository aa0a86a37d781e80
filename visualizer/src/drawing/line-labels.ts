import type { ScreenPoints } from "./screen-points.ts";

/** A line that would like a label. */
export interface LabelWish {
  readonly line: number;
  /** The slots of its two devices. */
  readonly slotA: number;
  readonly slotB: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface PlacedLabel {
  readonly line: number;
  /** From the middle of the line, y upwards. */
  readonly offsetXPx: number;
  readonly offsetYPx: number;
}

const CELL_PX = 24;
/** A dot and the rim around it. */
const DOT_PX = 6;
/** Enough for a label beside a line that is shorter than the label to keep clear of the line's own dots. */
const GAP_PX = DOT_PX + 1;
/** The more labels there are, the further they keep apart: a knot of contacts needs one number, not twenty. */
const FEW = 12;
const MANY = 80;
const FURTHEST_APART_PX = 26;

/** Which parts of the screen are taken, by dots and by labels. */
class Occupancy {
  private readonly columns: number;
  private readonly rows: number;
  private readonly first: Int32Array;
  private readonly next: Int32Array;
  private readonly points: ScreenPoints;
  private readonly boxes: Float32Array[] = [];

  private readonly widthPx: number;
  private readonly heightPx: number;

  constructor(points: ScreenPoints, widthPx: number, heightPx: number) {
    this.points = points;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.columns = Math.ceil(widthPx / CELL_PX) + 1;
    this.rows = Math.ceil(heightPx / CELL_PX) + 1;
    this.first = new Int32Array(this.columns * this.rows).fill(-1);
    this.next = new Int32Array(points.count);
    for (let i = 0; i < points.count; i++) this.insert(i);
  }

  occupy({ xPx, yPx, widthPx, heightPx }: TakenBox): void {
    this.boxes.push(boxAbout(xPx, yPx, widthPx, heightPx));
  }

  private insert(point: number): void {
    const column = Math.floor(this.points.xPx[point]! / CELL_PX);
    const row = Math.floor(this.points.yPx[point]! / CELL_PX);
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return;
    const cell = row * this.columns + column;
    this.next[point] = this.first[cell]!;
    this.first[cell] = point;
  }

  /** Whether a box about a centre is free; if so it is taken from now on. */
  take(x: number, y: number, widthPx: number, heightPx: number, apartPx: number): boolean {
    const box = boxAbout(x, y, widthPx, heightPx);
    const wide = boxAbout(x, y, widthPx + 2 * apartPx, heightPx + 2 * apartPx);
    const [west, south, east, north] = box;
    if (west! < 0 || south! < 0 || east! > this.widthPx || north! > this.heightPx) return false;
    if (this.boxes.some((other) => overlap(wide, other)) || this.holdsPoint(box)) return false;
    this.boxes.push(box);
    return true;
  }

  private holdsPoint(box: Float32Array): boolean {
    const clampColumn = (px: number) => Math.min(this.columns - 1, Math.max(0, Math.floor(px / CELL_PX)));
    const clampRow = (px: number) => Math.min(this.rows - 1, Math.max(0, Math.floor(px / CELL_PX)));
    for (let row = clampRow(box[1]! - DOT_PX); row <= clampRow(box[3]! + DOT_PX); row++) {
      for (let column = clampColumn(box[0]! - DOT_PX); column <= clampColumn(box[2]! + DOT_PX); column++) {
        let point = this.first[row * this.columns + column]!;
        for (; point >= 0; point = this.next[point]!) {
          if (distanceToBox(box, this.points.xPx[point]!, this.points.yPx[point]!) < DOT_PX) return true;
        }
      }
    }
    return false;
  }
}

function boxAbout(x: number, y: number, widthPx: number, heightPx: number): Float32Array {
  return Float32Array.of(x - widthPx / 2, y - heightPx / 2, x + widthPx / 2, y + heightPx / 2);
}

function overlap(a: Float32Array, b: Float32Array): boolean {
  return a[0]! < b[2]! && b[0]! < a[2]! && a[1]! < b[3]! && b[1]! < a[3]!;
}

function distanceToBox(box: Float32Array, x: number, y: number): number {
  return Math.hypot(Math.max(box[0]! - x, 0, x - box[2]!), Math.max(box[1]! - y, 0, y - box[3]!));
}

/** Offsets from the middle that keep a label off its own line: beside it on either side, else on it. */
function offsets(wish: LabelWish, dx: number, dy: number): [number, number][] {
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = dy > 0 || (dy === 0 && dx < 0) ? [dy / length, -dx / length] : [-dy / length, dx / length];
  // As far as half the label reaches in the direction of the normal.
  const reach = (Math.abs(nx) * wish.widthPx + Math.abs(ny) * wish.heightPx) / 2 + GAP_PX;
  const beside: [number, number][] = [
    [nx * reach, ny * reach],
    [-nx * reach, -ny * reach],
  ];
  const room = length > wish.widthPx + 4 * DOT_PX;
  return room ? [[0, 0], ...beside] : beside;
}

/** A part of the screen that something else is written on, about its middle. */
export interface TakenBox {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Chooses which lines get their label and where, so that no label covers a dot, another label or what is taken. Those first in the
 * list choose first.
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  points: ScreenPoints,
  widthPx: number,
  heightPx: number,
  taken: readonly TakenBox[] = [],
): PlacedLabel[] {
  if (wishes.length === 0) return [];
  const occupancy = new Occupancy(points, widthPx, heightPx);
  for (const box of taken) occupancy.occupy(box);
  const placed: PlacedLabel[] = [];
  const apartPx = Math.min(1, Math.max(0, (wishes.length - FEW) / (MANY - FEW))) * FURTHEST_APART_PX;
  for (const wish of wishes) {
    const ax = points.xPx[wish.slotA]!;
    const ay = points.yPx[wish.slotA]!;
    const bx = points.xPx[wish.slotB]!;
    const by = points.yPx[wish.slotB]!;
    const x = (ax + bx) / 2;
    const y = (ay + by) / 2;
    if (x < 0 || y < 0 || x > widthPx || y > heightPx) continue;
    const free = offsets(wish, bx - ax, by - ay).find(([ox, oy]) =>
      occupancy.take(x + ox, y + oy, wish.widthPx, wish.heightPx, apartPx),
    );
    if (free !== undefined) placed.push({ line: wish.line, offsetXPx: free[0], offsetYPx: free[1] });
  }
  return placed;
}
