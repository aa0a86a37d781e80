import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { metresText } from "../page/wording.ts";
import type { MapState } from "../state/map-state.ts";
import { palette } from "../theme/theme.ts";
import { dayTimeText } from "../window/zoned-time.ts";
import type { AccuracyPlot, PlottedPoint } from "./accuracy-plot.ts";
import type { HistoryAnswer } from "./device-history.ts";

/** How well a device knew where it was, over the window. */
export function AccuracyChart({ state, answer }: { state: MapState; answer: HistoryAnswer }) {
  const words = texts.value;
  const element = useRef<HTMLDivElement>(null);
  const pointed = useSignal<PlottedPoint | null>(null);
  const timeZone = state.timeZone.value;
  const colours = palette.value;
  const { fixes, asked } = answer;
  const latest = useRef(answer);
  latest.current = answer;
  const plot = useRef<AccuracyPlot | null>(null);
  const empty = fixes.length === 0;

  useEffect(() => {
    if (empty) return;
    let closed = false;
    void import("./accuracy-plot.ts").then(({ AccuracyPlot }) => {
      if (closed) return;
      const look = { line: colours.device, soft: colours["label-soft"], grid: colours.grid };
      plot.current = new AccuracyPlot(element.current!, look, timeZone, words.code, (point) => {
        pointed.value = point;
      });
      plot.current.show(latest.current.fixes, latest.current.asked);
    });
    return () => {
      closed = true;
      plot.current?.close();
      plot.current = null;
    };
  }, [empty, colours, timeZone, words.code, pointed]);
  useEffect(() => plot.current?.show(fixes, asked), [fixes, asked]);

  if (empty) return <p class="soft">{words.page.noFixes}</p>;
  const said = saidOf(fixes.map(({ accuracy }) => accuracy));
  const at = pointed.value;
  return (
    <figure class="accuracy">
      <figcaption>
        <span>{words.page.accuracyOver}</span>
        <span class="soft">
          {at === null
            ? words.page.accuracyRange(metresText(said.least, words.code), metresText(said.most, words.code))
            : `${dayTimeText(at.timeMs, timeZone, words.code)}: ± ${metresText(at.accuracyM, words.code)} m`}
        </span>
      </figcaption>
      <div
        class="plot"
        ref={element}
        role="img"
        aria-label={words.page.accuracySaid(
          fixes.length.toLocaleString(words.code),
          metresText(said.least, words.code),
          metresText(said.median, words.code),
          metresText(said.most, words.code),
        )}
      />
    </figure>
  );
}

function saidOf(accuraciesM: readonly number[]): { least: number; median: number; most: number } {
  const sorted = Float64Array.from(accuraciesM).sort();
  return { least: sorted[0]!, median: sorted[sorted.length >> 1]!, most: sorted[sorted.length - 1]! };
}
