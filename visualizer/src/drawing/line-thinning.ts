import type { Screen, ScreenPoints } from "./screen-points.ts";

/** Bits of a line's look. */
export const LINE_CONTACT = 1;
export const LINE_CERTAIN = 2;
/** One of many in little room: a hair without a casing. */
export const LINE_THIN = 4;
/** Whatever is around it, this one is looked at. */
export const LINE_OWN = 8;

/** Numbers of a line's texel: slot a, slot b, bits, opacity. */
const TEXEL = 4;
/** Side of the squares of the screen in which lines share their room, CSS pixels. */
const CELL_PX = 40;
/** How broad a line is, for how much of its square it covers. */
const LINE_PX = 2;
/** Lines that cover no more of their square than this are drawn as they are; more share what that would be. */
const ROOM = 0.4;
/** Fainter than this a line says nothing, and a thousand of them are a stain: the dots' colours say it better. */
const FAINTEST = 0.1;
/** Below this a line is as good as it gets with its casing. */
const THIN = 0.6;

const OUT_OF_SIGHT = -1;

/** Lines by the numbers of their texels. */
export interface LineTexels {
  readonly values: Float32Array;
  readonly count: number;
  /** Takes how strongly each line is drawn, 0 to 1; or would be, were it not hidden under its dots. */
  readonly strengths: Float32Array;
}

/**
 * Chooses the lines that are worth drawing, and how strongly: those in sight, not hidden under their own dots, and
 * fainter the more of them share a part of the screen. Contacts take their room before those that are merely near.
 *
 * @param into takes the texels, at least as many as there are lines
 * @param leastPx a shorter line is hidden under its dots
 * @returns how many there are
 */
export function thinLines(
  { values, count, strengths }: LineTexels,
  points: ScreenPoints,
  screen: Screen,
  leastPx: number,
  into: Float32Array,
): number {
  const ink = new Ink(screen);
  const lengths = new Float32Array(count).fill(OUT_OF_SIGHT);
  for (let line = 0; line < count; line++) {
    const [a, b] = [values[line * TEXEL]!, values[line * TEXEL + 1]!];
    const bits = values[line * TEXEL + 2]!;
    const lengthPx = Math.hypot(points.xPx[a]! - points.xPx[b]!, points.yPx[a]! - points.yPx[b]!);
    if (!isInSight(points, a, b, screen)) continue;
    lengths[line] = (bits & LINE_OWN) === 0 ? lengthPx : Math.max(lengthPx, leastPx);
    ink.add(points, a, b, lengthPx, (bits & LINE_CONTACT) !== 0);
  }
  let shown = 0;
  for (let line = 0; line < count; line++) {
    const at = line * TEXEL;
    const bits = values[at + 2]!;
    const share = lengths[line] === OUT_OF_SIGHT ? 0 : ink.share(points, values[at]!, values[at + 1]!, bits);
    strengths[line] = share;
    if (share < FAINTEST || lengths[line]! < leastPx) continue;
    const to = shown++ * TEXEL;
    into[to] = values[at]!;
    into[to + 1] = values[at + 1]!;
    into[to + 2] = share < THIN ? bits | LINE_THIN : bits;
    into[to + 3] = values[at + 3]! * share;
  }
  return shown;
}

/** How much of each square of the screen lines cover, contacts and the others apart. */
class Ink {
  private readonly columns: number;
  private readonly rows: number;
  private readonly contacts: Float32Array;
  private readonly others: Float32Array;

  constructor({ widthPx, heightPx }: Screen) {
    this.columns = Math.ceil(widthPx / CELL_PX) + 1;
    this.rows = Math.ceil(heightPx / CELL_PX) + 1;
    this.contacts = new Float32Array(this.columns * this.rows);
    this.others = new Float32Array(this.columns * this.rows);
  }

  /** A line covers the squares of its ends and of its middle, a third each. */
  add(points: ScreenPoints, a: number, b: number, lengthPx: number, isContact: boolean): void {
    const part = (lengthPx * LINE_PX) / (3 * CELL_PX * CELL_PX);
    const ink = isContact ? this.contacts : this.others;
    for (const t of [0, 0.5, 1]) {
      const cell = this.cellOn(points, a, b, t);
      if (cell >= 0) ink[cell]! += part;
    }
  }

  /** Which share of its strength a line has, by the fullest of its squares. */
  share(points: ScreenPoints, a: number, b: number, bits: number): number {
    if ((bits & LINE_OWN) !== 0) return 1;
    const isContact = (bits & LINE_CONTACT) !== 0;
    let fullest = 0;
    for (const t of [0, 0.5, 1]) {
      const cell = this.cellOn(points, a, b, t);
      if (cell >= 0) fullest = Math.max(fullest, this.contacts[cell]! + (isContact ? 0 : this.others[cell]!));
    }
    return fullest <= ROOM ? 1 : ROOM / fullest;
  }

  private cellOn(points: ScreenPoints, a: number, b: number, t: number): number {
    const column = Math.floor((points.xPx[a]! * (1 - t) + points.xPx[b]! * t) / CELL_PX);
    const row = Math.floor((points.yPx[a]! * (1 - t) + points.yPx[b]! * t) / CELL_PX);
    return column < 0 || row < 0 || column >= this.columns || row >= this.rows ? -1 : row * this.columns + column;
  }
}

/** Whether a line may cross the screen: whether the box about it does. */
function isInSight({ xPx, yPx }: ScreenPoints, a: number, b: number, { widthPx, heightPx }: Screen): boolean {
  if (Math.max(xPx[a]!, xPx[b]!) < 0 || Math.min(xPx[a]!, xPx[b]!) > widthPx) return false;
  return Math.max(yPx[a]!, yPx[b]!) >= 0 && Math.min(yPx[a]!, yPx[b]!) <= heightPx;
}
