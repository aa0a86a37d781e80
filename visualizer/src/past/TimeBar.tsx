import { useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { localText, minuteText, readLocal } from "../window/zoned-time.ts";
import type { ActivityWatch } from "./activity-watch.ts";
import { SPANS, type SpanChoice } from "./span.ts";
import { TimeTrack } from "./TimeTrack.tsx";
import { SPEEDS, type Speed, type TimeMachine } from "./time-machine.ts";

interface Props {
  readonly state: MapState;
  readonly machine: TimeMachine;
  readonly activity: ActivityWatch;
}

/** Live and past on one slider. */
export function TimeBar({ state, machine, activity }: Props) {
  const words = texts.value.time;
  return (
    <section class="time-bar" aria-label={words.title}>
      <div class="time-play">
        <PlayButton machine={machine} />
        <SpeedChoice machine={machine} />
      </div>
      <Steps machine={machine} state={state} />
      <TimeTrack state={state} machine={machine} activity={activity} />
      <div class="time-end">
        <SpanSelect activity={activity} />
        <button
          type="button"
          class="live-button"
          aria-pressed={state.minute.value === null}
          onClick={() => machine.goLive()}
        >
          <span class="lamp" aria-hidden="true" />
          {words.live}
        </button>
      </div>
    </section>
  );
}

function PlayButton({ machine }: { machine: TimeMachine }) {
  const words = texts.value.time;
  const playing = machine.playing.value;
  const label = playing ? words.pause : words.play;
  return (
    <button type="button" class="play" aria-label={label} title={`${label} (p)`} onClick={() => machine.togglePlay()}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4.5 2.5v11l9-5.5z"} />
      </svg>
    </button>
  );
}

function SpeedChoice({ machine }: { machine: TimeMachine }) {
  const words = texts.value.time;
  return (
    <select
      aria-label={words.speed}
      value={String(machine.speed.value)}
      onChange={(event) => {
        machine.speed.value = Number(event.currentTarget.value) as Speed;
      }}
    >
      {SPEEDS.map((speed) => (
        <option key={speed} value={String(speed)}>
          {speed}×
        </option>
      ))}
    </select>
  );
}

const STEPS = [
  { minutes: -1_440, sign: "−1 d" },
  { minutes: -60, sign: "−1 h" },
  { minutes: -1, sign: "−1 m" },
  { minutes: 1, sign: "+1 m" },
  { minutes: 60, sign: "+1 h" },
  { minutes: 1_440, sign: "+1 d" },
] as const;

function Steps({ machine, state }: Pick<Props, "machine" | "state">) {
  const words = texts.value.time;
  const live = state.minute.value === null;
  const names: Record<(typeof STEPS)[number]["minutes"], string> = {
    [-1_440]: words.dayBack,
    [-60]: words.hourBack,
    [-1]: words.minuteBack,
    1: words.minuteOn,
    60: words.hourOn,
    1440: words.dayOn,
  };
  return (
    <div class="time-steps">
      <DateField machine={machine} state={state} />
      <div class="step-buttons">
        {STEPS.map(({ minutes, sign }) => (
          <button
            key={minutes}
            type="button"
            title={names[minutes]}
            disabled={live && minutes > 0}
            onClick={() => machine.step(minutes)}
          >
            <span aria-hidden="true">{sign}</span>
            <span class="unseen">{names[minutes]}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** The time that is shown, and the way to any other. */
function DateField({ machine, state }: Pick<Props, "machine" | "state">) {
  const words = texts.value.time;
  const timeZone = state.timeZone.value;
  // While one types, the field holds what one typed.
  const draft = useSignal<string | null>(null);
  const minute = state.minute.value ?? machine.newestMinute.value;
  const shown = localText(minute * 60_000, timeZone);
  return (
    <input
      type="datetime-local"
      class="time-date"
      aria-label={words.jumpTo(timeZone)}
      title={words.jumpTo(timeZone)}
      value={draft.value ?? shown}
      onInput={(event) => {
        draft.value = event.currentTarget.value;
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") draft.value = null;
      }}
      onBlur={() => {
        const timeMs = draft.value === null ? null : readLocal(draft.value, timeZone);
        draft.value = null;
        if (timeMs !== null) machine.goTo(Math.floor(timeMs / 60_000));
      }}
    />
  );
}

function SpanSelect({ activity }: { activity: ActivityWatch }) {
  const words = texts.value.time;
  return (
    <select
      aria-label={words.span}
      value={String(activity.choice.value)}
      onChange={(event) => {
        activity.choice.value = Number(event.currentTarget.value) as SpanChoice;
      }}
    >
      {SPANS.map((choice) => (
        <option key={choice} value={String(choice)}>
          {words.spans[choice]}
        </option>
      ))}
    </select>
  );
}

/** Says over the map that it shows the past, and whether what was asked for is there yet. */
export function PastNotice({ state, machine }: Pick<Props, "state" | "machine">) {
  const { time: words, code } = texts.value;
  const minute = state.minute.value;
  if (minute === null) return null;
  return (
    <p class="past-notice" role="status">
      <strong>{minuteText(minute, state.timeZone.value, code)}</strong>
      <span class="soft">{machine.failing.value ? words.failing : machine.loading.value ? words.loading : ""}</span>
    </p>
  );
}
