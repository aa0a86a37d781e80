import type { Point } from "./plan.ts";
import { STAIRS_M } from "./route-tree.ts";
import type { WalkGrid } from "./walk-grid.ts";

/** A point of a way, and the storey by its index in the grid. */
interface Waypoint {
  readonly at: Point;
  readonly floorIndex: number;
}

/** A way as points with the metres walked up to each. Between two storeys one stands on the stairs. */
export interface Path {
  readonly points: readonly Waypoint[];
  readonly metres: Float64Array;
  readonly lengthM: number;
}

/**
 * The way over nodes, pulled straight wherever nothing stands between, so that people do not walk in eighths of a
 * circle. Starts at `from` and ends at `to`, which lie in the first and last node's cells.
 */
export function pathOver(grid: WalkGrid, nodes: readonly number[], from: Point, to: Point): Path {
  const points: Waypoint[] = nodes.map((node) => ({ at: grid.middleOf(node), floorIndex: grid.floorIndexOf(node) }));
  points[0] = { at: from, floorIndex: points[0]!.floorIndex };
  if (points.length > 1) points[points.length - 1] = { at: to, floorIndex: points[points.length - 1]!.floorIndex };
  else points.push({ at: to, floorIndex: points[0]!.floorIndex });
  return measured(pulled(grid, points));
}

function pulled(grid: WalkGrid, points: readonly Waypoint[]): Waypoint[] {
  const kept = [points[0]!];
  for (let at = 0; at < points.length - 1; ) {
    at = farthestStraight(grid, points, at);
    kept.push(points[at]!);
  }
  return kept;
}

/**
 * A point far along the way that is straight ahead of another: first by steps that double, then by halving. It need
 * not be the farthest, but whatever it is has been looked at.
 */
function farthestStraight(grid: WalkGrid, points: readonly Waypoint[], from: number): number {
  const { at, floorIndex } = points[from]!;
  const isStraight = (to: number) => {
    const point = points[to];
    return point !== undefined && point.floorIndex === floorIndex && grid.isStraight(at, point.at, floorIndex);
  };
  let step = 1;
  while (isStraight(from + step * 2)) step *= 2;
  let farthest = from + step;
  for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2)) {
    if (isStraight(farthest + step)) farthest += step;
  }
  return farthest;
}

function measured(points: readonly Waypoint[]): Path {
  const metres = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) metres[i] = metres[i - 1]! + stepLengthM(points[i - 1]!, points[i]!);
  return { points, metres, lengthM: metres[points.length - 1]! };
}

function stepLengthM(from: Waypoint, to: Waypoint): number {
  if (from.floorIndex !== to.floorIndex) return STAIRS_M;
  return Math.hypot(to.at[0] - from.at[0], to.at[1] - from.at[1]);
}
