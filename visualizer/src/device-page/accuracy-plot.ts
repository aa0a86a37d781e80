import type { DeviceFix } from "@encounter/core/wire/devices";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { dayTimeText, hourText } from "../window/zoned-time.ts";

const HEIGHT_PX = 112;
const DAY_S = 86_400;

export interface PlottedPoint {
  readonly timeMs: number;
  readonly accuracyM: number;
}

interface Look {
  readonly line: string;
  readonly soft: string;
  readonly grid: string;
}

/** A line of accuracies over time, broken where minutes are missing. */
export class AccuracyPlot {
  private readonly plot: uPlot;
  private readonly observer: ResizeObserver;
  private window = { fromS: 0, toS: 1 };

  /** @param onPoint told which fix the pointer is at, or null */
  constructor(
    element: HTMLElement,
    look: Look,
    timeZone: string,
    language: string,
    onPoint: (point: PlottedPoint | null) => void,
  ) {
    const options: uPlot.Options = {
      width: element.clientWidth,
      height: HEIGHT_PX,
      padding: [6, 6, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { setScale: false } },
      tzDate: (timeS) => uPlot.tzDate(new Date(timeS * 1_000), timeZone),
      scales: {
        x: { range: () => [this.window.fromS, this.window.toS] },
        y: { range: (_plot, _low, high) => [0, Math.max(1, high) * 1.1] },
      },
      series: [{}, { stroke: look.line, width: 1.5, fill: fillOf(look.line), spanGaps: false, points: { size: 4 } }],
      axes: [
        axis(look, 64, (timesS, stepS) => timesS.map((timeS) => timeText(timeS, stepS, timeZone, language))),
        {
          ...axis(look, 26, (metres) => metres.map((value) => value.toLocaleString(language))),
          size: 26,
        },
      ],
      hooks: { setCursor: [(plot) => onPoint(pointAt(plot))] },
    };
    this.plot = new uPlot(options, [[], []], element);
    this.observer = new ResizeObserver(() => this.plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    this.observer.observe(element);
  }

  /** @param window ms */
  show(fixes: readonly DeviceFix[], window: { readonly fromMs: number; readonly toMs: number }): void {
    this.window = { fromS: window.fromMs / 1_000, toS: window.toMs / 1_000 };
    this.plot.setData(columnsOf(fixes));
  }

  close(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }
}

function axis(look: Look, spacePx: number, values: (splits: number[], step: number) => string[]): uPlot.Axis {
  return {
    stroke: look.soft,
    font: '11px "Inter Variable", sans-serif',
    size: 22,
    space: spacePx,
    gap: 3,
    grid: { stroke: look.grid, width: 1 },
    ticks: { show: false },
    values: (_plot, splits, _axis, _space, step) => values(splits, step),
  };
}

function timeText(timeS: number, stepS: number, timeZone: string, language: string): string {
  const timeMs = timeS * 1_000;
  return stepS >= DAY_S
    ? dayTimeText(timeMs, timeZone, language).replace(/ \S+$/, "")
    : hourText(timeMs, timeZone, language);
}

function fillOf(colour: string): string {
  return colour.replace(/[\d.]+\)$/, "0.14)");
}

function columnsOf(fixes: readonly DeviceFix[]): uPlot.AlignedData {
  const timesS: number[] = [];
  const accuraciesM: (number | null)[] = [];
  let previous = Number.NaN;
  for (const { minute, accuracy } of fixes) {
    if (minute > previous + 1) {
      timesS.push((previous + 1) * 60);
      accuraciesM.push(null);
    }
    timesS.push(minute * 60);
    accuraciesM.push(accuracy);
    previous = minute;
  }
  return [timesS, accuraciesM];
}

function pointAt(plot: uPlot): PlottedPoint | null {
  const index = plot.cursor.idx;
  const timeS = index === null || index === undefined ? undefined : plot.data[0][index];
  const accuracyM = index === null || index === undefined ? undefined : plot.data[1]?.[index];
  return timeS === undefined || accuracyM === undefined || accuracyM === null
    ? null
    : { timeMs: timeS * 1_000, accuracyM };
}
