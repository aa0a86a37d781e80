import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { palette, reducedMotion } from "../theme/theme.ts";
import type { ContactGraph } from "./contact-graph.ts";
import { GraphLayout } from "./graph-layout.ts";
import { type Emphasis, GraphPicture } from "./graph-picture.ts";

/** While the graph unfolds: to draw thousands of lines takes longer than to move them. */
const DRAW_EVERY_MS = 250;

interface Props {
  readonly graph: ContactGraph;
  /** The node under the pointer, or in focus in the table beneath. */
  readonly pointed: Signal<number | null>;
  readonly emphasis: Omit<Emphasis, "pointed">;
  readonly choose: (node: number) => void;
}

/** The graph as a picture. For whoever cannot see or point at it, the table beneath it says and does the same. */
export function GraphView({ graph, pointed, emphasis, choose }: Props) {
  const words = texts.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<GraphPicture | null>(null);
  const shown: Emphasis = { ...emphasis, pointed: pointed.value };
  const latest = useRef(shown);
  latest.current = shown;
  const colours = palette.value;

  useEffect(() => {
    const element = canvas.current!;
    const layout = new GraphLayout(graph);
    const drawn = new GraphPicture(element, graph, layout.places);
    picture.current = drawn;
    const redraw = () => drawn.draw(palette.peek(), latest.current);
    element.dataset.settled = "false";
    let drawnAtMs = performance.now();
    layout.start(() => {
      element.dataset.settled = String(layout.settled);
      const due = performance.now() > drawnAtMs + DRAW_EVERY_MS && !reducedMotion.peek();
      if (!layout.settled && !due) return;
      redraw();
      drawnAtMs = performance.now();
    });
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    return () => {
      layout.stop();
      observer.disconnect();
    };
  }, [graph]);

  const { selected, chain, reached } = emphasis;
  useEffect(() => picture.current?.draw(colours, latest.current), [colours, selected, chain, reached, pointed.value]);

  const nodeUnder = (event: MouseEvent) => picture.current?.nodeAt(event.offsetX, event.offsetY) ?? null;
  return (
    <canvas
      class="graph"
      ref={canvas}
      role="img"
      aria-label={words.network.said(graph.nodes.length, graph.links.length, graph.groups.length)}
      data-nodes={graph.nodes.length}
      data-links={graph.links.length}
      data-chain={chain.length}
      data-pointing={pointed.value !== null}
      onMouseMove={(event) => {
        pointed.value = nodeUnder(event);
      }}
      onMouseLeave={() => {
        pointed.value = null;
      }}
      onClick={(event) => {
        const node = nodeUnder(event);
        if (node !== null) choose(node);
      }}
    />
  );
}
