import type { Point } from "./plan.ts";

/** Square cells over one storey: row by row from the south-west corner. */
export interface CellArea {
  readonly westM: number;
  readonly southM: number;
  readonly cellM: number;
  readonly columns: number;
  readonly rows: number;
}

/** Points this near a cell's border, in cells, belong to both cells. */
const BORDER = 1e-6;

/**
 * Visits every cell that a segment touches, corners and borders included, until `visit` answers false.
 * Cells outside the area are passed over.
 * @returns whether every visit answered true
 */
export function everyCellOnSegment(
  area: CellArea,
  [aX, aY]: Point,
  [bX, bY]: Point,
  visit: (cell: number) => boolean,
): boolean {
  const fromX = (aX - area.westM) / area.cellM;
  const fromY = (aY - area.southM) / area.cellM;
  const toX = (bX - area.westM) / area.cellM;
  const toY = (bY - area.southM) / area.cellM;
  const lowest = Math.max(0, Math.floor(Math.min(fromY, toY) - BORDER));
  const highest = Math.min(area.rows - 1, Math.floor(Math.max(fromY, toY) + BORDER));
  for (let row = lowest; row <= highest; row++) {
    const [left, right] = extentInRow(fromX, fromY, toX, toY, row);
    const first = Math.max(0, Math.floor(left - BORDER));
    const last = Math.min(area.columns - 1, Math.floor(right + BORDER));
    for (let column = first; column <= last; column++) if (!visit(row * area.columns + column)) return false;
  }
  return true;
}

/** From where to where, in cells, a segment lies in a row (the row's borders included). */
function extentInRow(fromX: number, fromY: number, toX: number, toY: number, row: number): [number, number] {
  const rise = toY - fromY;
  if (Math.abs(rise) < BORDER) return [Math.min(fromX, toX), Math.max(fromX, toX)];
  const slope = (toX - fromX) / rise;
  const at = (y: number) => fromX + (Math.min(Math.max(y, Math.min(fromY, toY)), Math.max(fromY, toY)) - fromY) * slope;
  const below = at(row - BORDER);
  const above = at(row + 1 + BORDER);
  return [Math.min(below, above), Math.max(below, above)];
}

/** Visits every cell whose middle lies inside the rings (even-odd). */
export function cellsInside(area: CellArea, rings: readonly (readonly Point[])[], visit: (cell: number) => void): void {
  for (let row = 0; row < area.rows; row++) {
    const crossings = crossingsAt(rings, area.southM + (row + 0.5) * area.cellM);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const first = Math.max(0, Math.ceil((crossings[i]! - area.westM) / area.cellM - 0.5));
      const last = Math.min(area.columns - 1, Math.floor((crossings[i + 1]! - area.westM) / area.cellM - 0.5));
      for (let column = first; column <= last; column++) visit(row * area.columns + column);
    }
  }
}

/** Where a west-east line crosses rings, from west to east. */
function crossingsAt(rings: readonly (readonly Point[])[], yM: number): number[] {
  const crossings: number[] = [];
  for (const ring of rings) {
    ring.forEach(([aX, aY], i) => {
      const [bX, bY] = ring[(i + 1) % ring.length]!;
      if (aY > yM !== bY > yM) crossings.push(aX + ((yM - aY) / (bY - aY)) * (bX - aX));
    });
  }
  return crossings.sort((a, b) => a - b);
}
