import type { Palette } from "../theme/palette.ts";
import type { ContactGraph } from "./contact-graph.ts";
import { radiusOf } from "./graph-layout.ts";

const EDGE_PX = 26;
/** Of the name under the lowest node. */
const NAME_PX = 14;
/** So many lines are drawn in full. */
const ROOMY_LINKS = 120;
const MOST_WIDTH_PX = 3.3;
const WIDTH_STEPS = 6;
/** Of as many devices all may be named, of more only the most connected. */
const MOST_LABELS = 60;
const LABELS_OF_MANY = 24;
const LABEL_PX = 11;
const REACH_PX = 8;
const DIMMED = 0.16;

/** What stands out in a graph; nodes by index. */
export interface Emphasis {
  readonly pointed: number | null;
  readonly selected: number | null;
  /** Nodes of a chain, in its order. */
  readonly chain: readonly number[];
  /** Nodes that can be reached; null where nobody asked. */
  readonly reached: ReadonlySet<number> | null;
}

interface Frame {
  readonly scale: number;
  readonly xPx: number;
  readonly yPx: number;
}

/** Draws a graph on a canvas. */
export class GraphPicture {
  private readonly canvas: HTMLCanvasElement;
  private readonly graph: ContactGraph;
  private readonly places: Float32Array;
  private readonly mostMinutes: number;
  /** Many lines would be a blob: the more, the finer, down from 1. */
  private readonly thinning: number;
  /** The most connected first: these get their names written. */
  private readonly byWeight: readonly number[];
  private frame: Frame = { scale: 1, xPx: 0, yPx: 0 };

  /** @param places two numbers a node; they may change between drawings */
  constructor(canvas: HTMLCanvasElement, graph: ContactGraph, places: Float32Array) {
    this.canvas = canvas;
    this.graph = graph;
    this.places = places;
    this.mostMinutes = graph.links.reduce((most, { minutes }) => Math.max(most, minutes), 1);
    this.thinning = Math.min(1, Math.sqrt(ROOMY_LINKS / Math.max(1, graph.links.length)));
    const weight = (node: number) => graph.nodes[node]!.partners.length;
    this.byWeight = graph.nodes.map((_, node) => node).sort((a, b) => weight(b) - weight(a));
  }

  draw(palette: Palette, emphasis: Emphasis): void {
    const { canvas } = this;
    const ratio = devicePixelRatio;
    const widthPx = canvas.clientWidth;
    const heightPx = canvas.clientHeight;
    canvas.width = Math.round(widthPx * ratio);
    canvas.height = Math.round(heightPx * ratio);
    const pen = canvas.getContext("2d")!;
    pen.scale(ratio, ratio);
    this.frame = this.frameOf(widthPx, heightPx);
    this.drawLinks(pen, palette, emphasis);
    this.drawNodes(pen, palette, emphasis);
    this.drawLabels(pen, palette, emphasis);
  }

  /** The node at a place on the canvas, or null. */
  nodeAt(xPx: number, yPx: number): number | null {
    let nearest: number | null = null;
    let least = REACH_PX;
    for (let node = 0; node < this.graph.nodes.length; node++) {
      const [x, y] = this.onCanvas(node);
      const beyond = Math.hypot(x - xPx, y - yPx) - this.radiusPx(node);
      if (beyond >= least) continue;
      least = beyond;
      nearest = node;
    }
    return nearest;
  }

  private frameOf(widthPx: number, heightPx: number): Frame {
    let [west, south, east, north] = [0, 0, 0, 0];
    for (let at = 0; at < this.places.length; at += 2) {
      west = Math.min(west, this.places[at]!);
      east = Math.max(east, this.places[at]!);
      south = Math.min(south, this.places[at + 1]!);
      north = Math.max(north, this.places[at + 1]!);
    }
    const roomPx = { width: widthPx - 2 * EDGE_PX, height: heightPx - 2 * EDGE_PX - NAME_PX };
    const fit = Math.min(roomPx.width / (east - west || 1), roomPx.height / (north - south || 1));
    const scale = Math.max(0.02, Math.min(2, fit));
    const middle = { xPx: widthPx / 2, yPx: (heightPx - NAME_PX) / 2 };
    return { scale, xPx: middle.xPx - (scale * (west + east)) / 2, yPx: middle.yPx - (scale * (south + north)) / 2 };
  }

  private onCanvas(node: number): [number, number] {
    const { scale, xPx, yPx } = this.frame;
    return [xPx + scale * this.places[node * 2]!, yPx + scale * this.places[node * 2 + 1]!];
  }

  private radiusPx(node: number): number {
    const partners = this.graph.nodes[node]!.partners.length;
    return radiusOf(partners) * Math.max(0.45, Math.min(1.2, this.frame.scale));
  }

  /** Lines of one look are one stroke: a stroke of its own for each of thousands would take its time. */
  private drawLinks(pen: CanvasRenderingContext2D, palette: Palette, emphasis: Emphasis): void {
    const onChain = new Set(emphasis.chain.slice(1).map((node, step) => keyOf(emphasis.chain[step]!, node)));
    const strokes = new Map<string, { opacity: number; widthPx: number; path: Path2D }>();
    for (const { a, b, minutes } of this.graph.links) {
      if (onChain.has(keyOf(a, b))) continue;
      const opacity = this.linkOpacity(a, b, emphasis);
      const widthPx = 0.6 + (this.widthStep(minutes) / WIDTH_STEPS) * MOST_WIDTH_PX * this.thinning;
      const look = `${opacity} ${widthPx}`;
      let stroke = strokes.get(look);
      if (stroke === undefined) {
        stroke = { opacity, widthPx, path: new Path2D() };
        strokes.set(look, stroke);
      }
      stroke.path.moveTo(...this.onCanvas(a));
      stroke.path.lineTo(...this.onCanvas(b));
    }
    pen.strokeStyle = palette.stale;
    for (const { opacity, widthPx, path } of strokes.values()) {
      pen.globalAlpha = opacity;
      pen.lineWidth = widthPx;
      pen.stroke(path);
    }
    pen.globalAlpha = 1;
    this.drawChain(pen, palette, emphasis.chain);
  }

  private drawChain(pen: CanvasRenderingContext2D, palette: Palette, chain: readonly number[]): void {
    pen.strokeStyle = palette.contact;
    pen.lineWidth = 3;
    pen.beginPath();
    chain.forEach((node, step) => {
      if (step === 0) pen.moveTo(...this.onCanvas(node));
      else pen.lineTo(...this.onCanvas(node));
    });
    pen.stroke();
  }

  private widthStep(minutes: number): number {
    return Math.round(WIDTH_STEPS * Math.sqrt(minutes / this.mostMinutes));
  }

  private linkOpacity(a: number, b: number, { pointed, chain, reached }: Emphasis): number {
    if (pointed !== null) return a === pointed || b === pointed ? 0.9 : DIMMED / 2;
    if (chain.length > 0) return DIMMED;
    if (reached !== null) return reached.has(a) && reached.has(b) ? 0.5 : DIMMED / 2;
    return Math.max(0.08, 0.5 * this.thinning);
  }

  private drawNodes(pen: CanvasRenderingContext2D, palette: Palette, emphasis: Emphasis): void {
    const onChain = new Set(emphasis.chain);
    for (let node = 0; node < this.graph.nodes.length; node++) {
      const [x, y] = this.onCanvas(node);
      pen.globalAlpha = this.isBehind(node, emphasis) ? DIMMED * 1.6 : 1;
      pen.fillStyle = onChain.has(node) ? palette.contact : palette.device;
      pen.strokeStyle = node === emphasis.selected ? palette.selected : palette.casing;
      pen.lineWidth = node === emphasis.selected ? 2.5 : 1.2;
      pen.beginPath();
      pen.arc(x, y, this.radiusPx(node), 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  private isBehind(node: number, { pointed, chain, reached, selected }: Emphasis): boolean {
    if (node === selected) return false;
    if (pointed !== null) return node !== pointed && !this.graph.nodes[pointed]!.partners.includes(node);
    if (chain.length > 0) return !chain.includes(node);
    return reached !== null && !reached.has(node);
  }

  /** As many names as there is room for: first of what stands out, then of the most connected. */
  private drawLabels(pen: CanvasRenderingContext2D, palette: Palette, emphasis: Emphasis): void {
    const first = [emphasis.pointed, emphasis.selected, ...emphasis.chain].filter((node) => node !== null);
    pen.font = `600 ${LABEL_PX}px "Inter Variable", sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = palette["label-halo"];
    pen.fillStyle = palette.label;
    const taken: Box[] = [];
    const most = this.graph.nodes.length > MOST_LABELS ? LABELS_OF_MANY : MOST_LABELS;
    const wanted = new Set([...first, ...this.byWeight]);
    for (const node of wanted) {
      if (taken.length >= most) return;
      const standsOut = first.includes(node);
      if (!standsOut && this.isBehind(node, emphasis)) continue;
      this.drawLabel(pen, node, taken, standsOut);
    }
  }

  private drawLabel(pen: CanvasRenderingContext2D, node: number, taken: Box[], standsOut: boolean): void {
    const { name } = this.graph.nodes[node]!;
    const text = name.length > 24 ? `${name.slice(0, 23)}…` : name;
    const half = pen.measureText(text).width / 2 + 2;
    const [x, y] = this.onCanvas(node);
    const top = y + this.radiusPx(node) + 2;
    const middle = Math.max(half, Math.min(this.canvas.clientWidth - half, x));
    const box = { west: middle - half, east: middle + half, top, bottom: top + LABEL_PX + 2 };
    if (!standsOut && taken.some((other) => overlaps(box, other))) return;
    taken.push(box);
    pen.strokeText(text, middle, top);
    pen.fillText(text, middle, top);
  }
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly top: number;
  readonly bottom: number;
}

function overlaps(a: Box, b: Box): boolean {
  return a.west < b.east && b.west < a.east && a.top < b.bottom && b.top < a.bottom;
}

function keyOf(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
