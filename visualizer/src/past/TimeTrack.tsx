import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { dayText, hourText, minuteText, offsetMs } from "../window/zoned-time.ts";
import type { ActivityWatch } from "./activity-watch.ts";
import { HISTOGRAM_HEIGHT, histogramPaths, ticksOf } from "./histogram.ts";
import type { Span } from "./span.ts";
import type { TimeMachine } from "./time-machine.ts";

const MOST_TICKS = 8;
/** The keys of a slider, in minutes. */
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -60,
  PageUp: 60,
};

interface Props {
  readonly state: MapState;
  readonly machine: TimeMachine;
  readonly activity: ActivityWatch;
}

/** The slider over what happened. */
export function TimeTrack({ state, machine, activity }: Props) {
  const { time: words, code } = texts.value;
  const { fromMinute, toMinute } = activity.span.value;
  const minute = state.minute.value;
  const timeZone = state.timeZone.value;
  const hovered = useSignal<number | null>(null);
  const shown = Math.min(minute ?? toMinute, toMinute);

  function turn(event: KeyboardEvent): void {
    const minutes = event.key in KEYS ? KEYS[event.key]! * (event.shiftKey ? 1_440 : 1) : 0;
    if (event.key === "End") machine.goLive();
    else if (event.key === "Home") machine.goTo(fromMinute);
    else if (minutes !== 0) machine.step(minutes);
    else return;
    event.preventDefault();
  }

  return (
    <div class="time-track">
      <Histogram activity={activity} />
      <Ticks span={activity.span.value} timeZone={timeZone} />
      <input
        type="range"
        aria-label={words.slider}
        aria-valuetext={minute === null ? words.live : minuteText(minute, timeZone, code)}
        min={fromMinute}
        max={toMinute}
        step={1}
        value={shown}
        onInput={(event) => machine.goTo(event.currentTarget.valueAsNumber)}
        onKeyDown={turn}
        onPointerMove={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect();
          const part = Math.min(1, Math.max(0, (event.clientX - left) / width));
          hovered.value = Math.round(fromMinute + part * (toMinute - fromMinute));
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
      />
      <span class={`time-thumb ${minute === null ? "time-thumb-live" : ""}`} style={at(shown, activity.span.value)} />
      {hovered.value !== null && (
        <span class="time-hover" style={at(hovered.value, activity.span.value)}>
          {minuteText(hovered.value, timeZone, code)}
        </span>
      )}
    </div>
  );
}

function at(minute: number, { fromMinute, toMinute }: Span): { left: string } {
  return { left: `${(((minute - fromMinute) / (toMinute - fromMinute)) * 100).toFixed(3)}%` };
}

function Histogram({ activity }: { activity: ActivityWatch }) {
  const span = activity.span.value;
  const known = activity.activity.value;
  if (known === null) return null;
  const { fixes, pairs } = histogramPaths(known, span);
  const width = span.toMinute - span.fromMinute;
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${width} ${HISTOGRAM_HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={texts.value.time.histogram}
    >
      <path class="histogram-fixes" d={fixes} />
      <path class="histogram-pairs" d={pairs} />
    </svg>
  );
}

function Ticks({ span, timeZone }: { span: Span; timeZone: string }) {
  const { code } = texts.value;
  const startMs = span.fromMinute * 60_000;
  const offsetMinutes = Math.round(offsetMs(startMs, timeZone) / 60_000);
  return (
    <div class="time-ticks" aria-hidden="true">
      {ticksOf(span, offsetMinutes, MOST_TICKS).map(({ minute, midnight }) => (
        <span key={minute} style={at(minute, span)} class={midnight ? "tick-day" : ""}>
          {(midnight ? dayText : hourText)(minute * 60_000, timeZone, code)}
        </span>
      ))}
    </div>
  );
}
