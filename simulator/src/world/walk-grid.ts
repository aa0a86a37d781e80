import { type CellArea, cellsInside, everyCellOnSegment } from "./cells.ts";
import { areaOf, type Box, boundsOf, edgesOf, floorsOf, type Plan, type PlanShape, type Point } from "./plan.ts";

/** Cells are this wide where the plan is not too large: a door of a metre is three to four cells. */
const CELL_M = 0.25;
/** Most cells over all storeys; a larger plan gets wider cells. */
const CELLS_MAX = 2_000_000;

/** Where one can walk, storey by storey, as square cells that are free or not. A node is a cell of a storey. */
export class WalkGrid {
  readonly area: CellArea;
  /** Storeys, lowest first; nodes of `floors[0]` come first. */
  readonly floors: readonly number[];
  readonly nodesPerFloor: number;
  /** 1 where nobody can walk. */
  readonly blocked: Uint8Array;
  /** 1 at nodes from which stairs or a lift lead to the node of the storey above. */
  readonly stairsUp: Uint8Array;

  /** Lays the grid over a plan: walls, furniture and all that is no floor block; doors are openings in walls. */
  constructor(plan: Plan) {
    this.floors = floorsOf(plan);
    this.area = areaFor(boundsOf(plan), this.floors.length);
    this.nodesPerFloor = this.area.columns * this.area.rows;
    this.blocked = new Uint8Array(this.nodesPerFloor * this.floors.length).fill(1);
    this.floors.forEach((floor, index) => {
      const shapes = plan.filter((shape) => shape.floor === floor);
      markFloor(this.area, this.blocked.subarray(index * this.nodesPerFloor, (index + 1) * this.nodesPerFloor), shapes);
    });
    this.stairsUp = findStairs(this, plan);
  }

  /** Index of a storey in `floors`, -1 where the plan has no such storey. */
  floorIndex(floor: number): number {
    return this.floors.indexOf(floor);
  }

  floorIndexOf(node: number): number {
    return Math.floor(node / this.nodesPerFloor);
  }

  /** The node under a point, -1 outside the plan. */
  nodeAt([xM, yM]: Point, floorIndex: number): number {
    const column = Math.floor((xM - this.area.westM) / this.area.cellM);
    const row = Math.floor((yM - this.area.southM) / this.area.cellM);
    if (column < 0 || row < 0 || column >= this.area.columns || row >= this.area.rows) return -1;
    return floorIndex * this.nodesPerFloor + row * this.area.columns + column;
  }

  isFree(node: number): boolean {
    return node >= 0 && this.blocked[node] === 0;
  }

  /** The middle of a node's cell. */
  middleOf(node: number): Point {
    const cell = node % this.nodesPerFloor;
    const { westM, southM, cellM, columns } = this.area;
    return [westM + ((cell % columns) + 0.5) * cellM, southM + (Math.floor(cell / columns) + 0.5) * cellM];
  }

  /** The free node nearest to a point within some metres, -1 where there is none. */
  nearestFree([xM, yM]: Point, floorIndex: number, withinM: number): number {
    let nearest = -1;
    let nearestM = Infinity;
    const { cellM } = this.area;
    for (let dy = -withinM; dy <= withinM; dy += cellM) {
      for (let dx = -withinM; dx <= withinM; dx += cellM) {
        const awayM = Math.hypot(dx, dy);
        if (awayM >= nearestM) continue;
        const node = this.nodeAt([xM + dx, yM + dy], floorIndex);
        if (this.isFree(node)) [nearest, nearestM] = [node, awayM];
      }
    }
    return nearest;
  }

  /** Whether the straight way between two points of one storey is free. */
  isStraight(from: Point, to: Point, floorIndex: number): boolean {
    const first = floorIndex * this.nodesPerFloor;
    return everyCellOnSegment(this.area, from, to, (cell) => this.blocked[first + cell] === 0);
  }
}

function areaFor(box: Box, floorCount: number): CellArea {
  const widthM = box.eastM - box.westM;
  const depthM = box.northM - box.southM;
  const cellM = Math.max(CELL_M, Math.sqrt((widthM * depthM * floorCount) / CELLS_MAX));
  // Half a cell of margin keeps walls on whole and half metres in the middle of cells rather than between two.
  return {
    westM: box.westM - cellM / 2,
    southM: box.southM - cellM / 2,
    cellM,
    columns: Math.ceil(widthM / cellM) + 1,
    rows: Math.ceil(depthM / cellM) + 1,
  };
}

function markFloor(area: CellArea, blocked: Uint8Array, shapes: readonly PlanShape[]): void {
  const set = (value: 0 | 1) => (cell: number) => {
    blocked[cell] = value;
    return true;
  };
  const ofKind = (...kinds: string[]) => shapes.filter((shape) => kinds.includes(shape.kind));
  for (const floor of ofKind("floor")) cellsInside(area, floor.rings, set(0));
  for (const shape of [...ofKind("wall"), ...ofKind("furniture").filter(isObstacle)]) {
    if (shape.form === "polygon") cellsInside(area, shape.rings, set(1));
    for (const [a, b] of edgesOf(shape)) everyCellOnSegment(area, a, b, set(1));
  }
  for (const door of ofKind("door")) openDoor(area, door, set(0));
  for (const floor of ofKind("floor")) {
    for (const [a, b] of edgesOf(floor)) everyCellOnSegment(area, a, b, set(1));
  }
}

/** One sits on a chair; one walks round anything else. */
function isObstacle(furniture: PlanShape): boolean {
  return !/chair|seat|stool|bench|sofa/i.test(furniture.name ?? "") || areaOf(furniture) > 8;
}

/** Opens the wall behind a door, but for a cell at each of its posts, so that nobody cuts through the wall's end. */
function openDoor(area: CellArea, door: PlanShape, open: (cell: number) => boolean): void {
  const [a, b] = longestEdge(door);
  const lengthM = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (lengthM <= 2 * area.cellM) return;
  const along: Point = [(b[0] - a[0]) / lengthM, (b[1] - a[1]) / lengthM];
  const postM = area.cellM;
  for (const acrossM of [-area.cellM, 0, area.cellM]) {
    const at = (alongM: number): Point => [
      a[0] + along[0] * alongM - along[1] * acrossM,
      a[1] + along[1] * alongM + along[0] * acrossM,
    ];
    everyCellOnSegment(area, at(postM), at(lengthM - postM), open);
  }
}

function longestEdge(shape: PlanShape): readonly [Point, Point] {
  const lengthM = ([[aX, aY], [bX, bY]]: readonly [Point, Point]) => Math.hypot(bX - aX, bY - aY);
  return [...edgesOf(shape)].reduce((longest, edge) => (lengthM(edge) > lengthM(longest) ? edge : longest));
}

/** Marks nodes in the middle of stairs and lifts that are free on both storeys. */
function findStairs(grid: WalkGrid, plan: Plan): Uint8Array {
  const up = new Uint8Array(grid.blocked.length);
  const shafts = plan.filter(
    (shape) => shape.form === "polygon" && /stair|lift|elevator|escalator/i.test(shape.name ?? ""),
  );
  for (let below = 0; below + 1 < grid.floors.length; below++) {
    const middles = shafts
      .filter((shape) => shape.floor === grid.floors[below])
      .map((shaft) => middleNode(grid, shaft));
    const usable = middles.filter((node) => isShaft(grid, node));
    for (const node of usable.length > 0 ? usable : liftNodes(grid, below)) up[node] = 1;
  }
  return up;
}

function isShaft(grid: WalkGrid, node: number): boolean {
  return grid.isFree(node) && grid.isFree(node + grid.nodesPerFloor);
}

function middleNode(grid: WalkGrid, shaft: PlanShape): number {
  const box = boundsOf([shaft]);
  const middle: Point = [(box.westM + box.eastM) / 2, (box.southM + box.northM) / 2];
  return grid.nearestFree(middle, grid.floorIndex(shaft.floor), 1);
}

/** A plan that names no stairs gets a lift where both storeys are free, as near their middle as can be. */
function liftNodes(grid: WalkGrid, below: number): number[] {
  const first = below * grid.nodesPerFloor;
  const [middleX, middleY] = [grid.area.columns / 2, grid.area.rows / 2];
  let nearest = -1;
  let nearestAway = Infinity;
  for (let cell = 0; cell < grid.nodesPerFloor; cell++) {
    if (!isShaft(grid, first + cell)) continue;
    const away = Math.hypot((cell % grid.area.columns) - middleX, Math.floor(cell / grid.area.columns) - middleY);
    if (away < nearestAway) [nearest, nearestAway] = [first + cell, away];
  }
  return nearest < 0 ? [] : [nearest];
}
