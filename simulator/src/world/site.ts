import { type Path, pathOver } from "./path.ts";
import { type Place, type Purpose, placesOf } from "./places.ts";
import type { Plan, Point } from "./plan.ts";
import { RouteTree } from "./route-tree.ts";
import { WalkGrid } from "./walk-grid.ts";

/** One spot of a place where one person can be. */
export interface Spot {
  readonly at: Point;
  readonly floorIndex: number;
  readonly place: number;
  readonly node: number;
}

/** A place of a site: its spots by index, and the node by which one comes to it. */
interface SitePlace {
  readonly purpose: Purpose;
  readonly name: string;
  readonly spots: readonly number[];
  readonly door: number;
}

/**
 * A building one can walk about in: its places, their spots, and the ways between them. Ways to a place are worked
 * out once, when somebody first goes there. Pure: the same plan, the same site.
 */
export class Site {
  readonly grid: WalkGrid;
  readonly spots: readonly Spot[];
  readonly places: readonly SitePlace[];
  private readonly trees: (RouteTree | undefined)[] = [];

  /** @throws RangeError where the plan has no place to be */
  constructor(plan: Plan) {
    this.grid = new WalkGrid(plan);
    const spots: Spot[] = [];
    this.places = connected(this.grid, placesOf(plan, this.grid)).map((place, index) => {
      const first = spots.length;
      for (const at of place.spots) {
        spots.push({ at, floorIndex: place.floorIndex, place: index, node: this.grid.nodeAt(at, place.floorIndex) });
      }
      const own = place.spots.map((_, i) => first + i);
      return { purpose: place.purpose, name: place.name, spots: own, door: spots[first]!.node };
    });
    if (spots.length === 0) throw new RangeError("the plan has no floor that one can walk on");
    this.spots = spots;
  }

  /** Indices of the places for a purpose. */
  placesFor(purpose: Purpose): number[] {
    return this.places.flatMap((place, index) => (place.purpose === purpose ? [index] : []));
  }

  /** Works the ways to all places out, one with every step of the iteration. */
  *prepare(): Generator<void> {
    for (const place of this.places.keys()) {
      this.treeTo(place);
      yield;
    }
  }

  /** The way from one spot to another. */
  path(from: number, to: number): Path {
    const [start, end] = [this.spots[from]!, this.spots[to]!];
    const tree = this.treeTo(end.place);
    const there = tree.nodesFrom(start.node);
    const back = tree.nodesFrom(end.node).reverse();
    return pathOver(this.grid, joined(there, back), start.at, end.at);
  }

  private treeTo(place: number): RouteTree {
    const known = this.trees[place];
    if (known !== undefined) return known;
    const tree = new RouteTree(this.grid, this.places[place]!.door);
    this.trees[place] = tree;
    return tree;
  }
}

/** Both ways meet at the place's door; what they walk in common just before it is not walked there and back. */
function joined(there: number[], back: number[]): number[] {
  const last = new Map(back.map((node, index) => [node, index]));
  const meeting = there.findIndex((node) => last.has(node));
  return [...there.slice(0, meeting), ...back.slice(last.get(there[meeting]!)!)];
}

/** The places, and their spots, of the part of the plan that holds most spots and hangs together. */
function connected(grid: WalkGrid, places: readonly Place[]): Place[] {
  const unknown = new Set(places);
  let best: Place[] = [];
  for (const start of places) {
    if (!unknown.has(start)) continue;
    const root = grid.nodeAt(start.spots[0]!, start.floorIndex);
    const reached = reachedFrom(grid, root, places);
    for (const place of [start, ...reached.keys()]) unknown.delete(place);
    const part = [...reached].map(([place, spots]) => ({ ...place, spots }));
    if (countSpots(part) > countSpots(best)) best = part;
    if (countSpots(best) * 2 > countSpots(places)) break;
  }
  return best;
}

function reachedFrom(grid: WalkGrid, root: number, places: readonly Place[]): Map<Place, Point[]> {
  const tree = new RouteTree(grid, root);
  const reached = new Map<Place, Point[]>();
  for (const place of places) {
    const spots = place.spots.filter((spot) => tree.reaches(grid.nodeAt(spot, place.floorIndex)));
    if (spots.length > 0) reached.set(place, spots);
  }
  return reached;
}

function countSpots(places: readonly Place[]): number {
  return places.reduce((sum, place) => sum + place.spots.length, 0);
}
