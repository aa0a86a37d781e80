import type { WalkGrid } from "./walk-grid.ts";

/** A storey of stairs is as tiring as this many metres of corridor. */
export const STAIRS_M = 12;

/** What a tree says about a node: `0..7` the neighbour to step to, or one of these. */
const UP = 8;
const DOWN = 9;
const ROOT = 10;
const UNREACHED = 255;

const STRAIGHT_COST = 5;
const DIAGONAL_COST = 7;

/** Neighbours as column and row steps; step and step ^ 1 are opposite, the first four are straight. */
const STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
] as const;

const STEP_X = Int8Array.from(STEPS, ([dx]) => dx);
const STEP_Y = Int8Array.from(STEPS, ([, dy]) => dy);

/**
 * Nodes by cost, cheapest first, for costs that grow by a bounded step (Dial's buckets). A node may be in it more than
 * once: the buckets are linked lists of entries in flat arrays that grow.
 */
class BucketQueue {
  /** The cost of what was taken last. */
  cost = 0;
  private readonly head: Int32Array;
  private next: Int32Array;
  private node: Int32Array;
  private entries = 0;
  private waiting = 0;

  constructor(nodes: number, stepMax: number) {
    this.head = new Int32Array(stepMax + DIAGONAL_COST + 1).fill(-1);
    this.next = new Int32Array(nodes);
    this.node = new Int32Array(nodes);
  }

  /** @param cost at least that of what was taken last */
  add(node: number, cost: number): void {
    if (this.entries === this.node.length) this.grow();
    const bucket = cost % this.head.length;
    this.node[this.entries] = node;
    this.next[this.entries] = this.head[bucket]!;
    this.head[bucket] = this.entries++;
    this.waiting++;
  }

  private grow(): void {
    const [next, node] = [this.next, this.node];
    this.next = new Int32Array(node.length * 2);
    this.node = new Int32Array(node.length * 2);
    this.next.set(next);
    this.node.set(node);
  }

  /** The cheapest node, -1 where none is left. */
  take(): number {
    if (this.waiting === 0) return -1;
    let bucket = this.cost % this.head.length;
    while (this.head[bucket] === -1) bucket = ++this.cost % this.head.length;
    const entry = this.head[bucket]!;
    this.head[bucket] = this.next[entry]!;
    this.waiting--;
    return this.node[entry]!;
  }
}

/** The shortest ways from everywhere on a grid to one node: a step for every node. */
export class RouteTree {
  private readonly grid: WalkGrid;
  private readonly step: Uint8Array;

  constructor(grid: WalkGrid, root: number) {
    this.grid = grid;
    this.step = new Uint8Array(grid.blocked.length).fill(UNREACHED);
    const stairsCost = Math.round((STAIRS_M / grid.area.cellM) * STRAIGHT_COST);
    const cost = new Int32Array(grid.blocked.length).fill(0x7fffffff);
    const queue = new BucketQueue(grid.blocked.length, stairsCost);
    const reach = (node: number, nodeCost: number, step: number) => {
      if (nodeCost >= cost[node]!) return;
      cost[node] = nodeCost;
      this.step[node] = step;
      queue.add(node, nodeCost);
    };
    reach(root, 0, ROOT);
    for (let node = queue.take(); node >= 0; node = queue.take()) {
      if (cost[node] === queue.cost) this.spread(node, queue.cost, stairsCost, reach);
    }
  }

  private spread(node: number, cost: number, stairsCost: number, reach: Reach): void {
    const { blocked, area, nodesPerFloor, stairsUp } = this.grid;
    for (let step = 0; step < STEPS.length; step++) {
      const dx = STEP_X[step]!;
      const dy = STEP_Y[step]! * area.columns;
      // The grid's outermost cells are never free, so a step cannot leave the storey.
      if (blocked[node + dx + dy] !== 0) continue;
      const diagonal = step >= 4;
      if (diagonal && (blocked[node + dx] !== 0 || blocked[node + dy] !== 0)) continue;
      reach(node + dx + dy, cost + (diagonal ? DIAGONAL_COST : STRAIGHT_COST), step ^ 1);
    }
    if (stairsUp[node] === 1) reach(node + nodesPerFloor, cost + stairsCost, DOWN);
    if (stairsUp[node - nodesPerFloor] === 1) reach(node - nodesPerFloor, cost + stairsCost, UP);
  }

  /** Whether there is a way from a node to the root. */
  reaches(node: number): boolean {
    return this.step[node] !== UNREACHED;
  }

  /** The nodes from one to the root, both included. @throws RangeError where there is no way */
  nodesFrom(from: number): number[] {
    const nodes = [from];
    let node = from;
    for (let step = this.step[node]!; step !== ROOT; step = this.step[node]!) {
      if (step === UNREACHED) throw new RangeError(`no way from node ${from}`);
      node += this.offsetOf(step);
      nodes.push(node);
    }
    return nodes;
  }

  private offsetOf(step: number): number {
    if (step === UP) return this.grid.nodesPerFloor;
    if (step === DOWN) return -this.grid.nodesPerFloor;
    const [dx, dy] = STEPS[step]!;
    return dx + dy * this.grid.area.columns;
  }
}

type Reach = (node: number, cost: number, step: number) => void;
