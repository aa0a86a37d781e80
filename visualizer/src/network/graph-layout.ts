import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import type { ContactGraph } from "./contact-graph.ts";

/** After so many steps a layout counts as settled. */
const STEPS = 180;
/** Script time taken at a stretch, so that the page stays usable meanwhile. */
const SLICE_MS = 9;

interface Placed extends SimulationNodeDatum {
  readonly radius: number;
}

/** Radius of a device that was in contact with so many others, in the layout's units. */
export function radiusOf(partners: number): number {
  return 3 + 1.7 * Math.sqrt(partners);
}

/**
 * Places the nodes of a graph by forces, some steps at a time. The same graph is always laid out the same: nodes start
 * on a spiral in their order, and the forces' own jiggle is seeded.
 */
export class GraphLayout {
  /** Two numbers a node. */
  readonly places: Float32Array;
  private readonly simulation: Simulation<Placed, SimulationLinkDatum<Placed>>;
  private readonly nodes: Placed[];
  private stepsLeft = STEPS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(graph: ContactGraph) {
    this.nodes = graph.nodes.map(({ partners }) => ({ radius: radiusOf(partners.length) }));
    this.places = new Float32Array(this.nodes.length * 2);
    const most = graph.links.reduce((sum, { minutes }) => Math.max(sum, minutes), 1);
    const links = graph.links.map(({ a, b, minutes }) => ({ source: a, target: b, minutes }));
    const link = forceLink<Placed, (typeof links)[number]>(links).distance(
      ({ minutes }) => 62 - 26 * Math.sqrt(minutes / most),
    );
    this.simulation = forceSimulation(this.nodes)
      .stop()
      .alphaDecay(1 - 0.001 ** (1 / STEPS))
      .force("link", link as never)
      .force("apart", forceManyBody<Placed>().strength(-70).distanceMax(320))
      .force(
        "room",
        forceCollide<Placed>(({ radius }) => radius + 4),
      )
      .force("east", forceX<Placed>(0).strength(0.05))
      .force("north", forceY<Placed>(0).strength(0.07));
  }

  get settled(): boolean {
    return this.stepsLeft === 0;
  }

  /** Goes on until it has settled. @param onStep called after every stretch of steps */
  start(onStep: () => void): void {
    this.timer = setTimeout(() => {
      this.advance(SLICE_MS);
      onStep();
      if (!this.settled) this.start(onStep);
    });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Steps for so long, and at least one. */
  advance(forMs: number): void {
    const untilMs = performance.now() + forMs;
    do {
      if (this.stepsLeft === 0) break;
      this.simulation.tick();
      this.stepsLeft--;
    } while (performance.now() < untilMs);
    this.nodes.forEach(({ x, y }, node) => {
      this.places[node * 2] = x!;
      this.places[node * 2 + 1] = y!;
    });
  }
}
