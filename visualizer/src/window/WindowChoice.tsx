import { batch, useSignal } from "@preact/signals";
import { texts } from "../language/language.ts";
import type { MapState } from "../state/map-state.ts";
import { DAY_MS, HOUR_MS, type TimeWindow, windowLengthMs, windowNow } from "./time-window.ts";
import { localText, readLocal } from "./zoned-time.ts";

/** What time tables are about: some usual lengths up to the time that is shown, or two dates. */
export function WindowChoice({ state }: { state: MapState }) {
  const words = texts.value.page;
  state.beat.value;
  state.minute.value;
  const dated = state.windowFrom.value !== null || state.windowTo.value !== null;
  const dates = useSignal(false);
  const shown = windowNow(state);
  const keptMs = (state.venue.value?.retention_days ?? 14) * DAY_MS;
  const lengths = [
    { label: words.lastHour, lengthMs: HOUR_MS },
    { label: words.lastDay, lengthMs: DAY_MS },
    { label: words.lastWeek, lengthMs: 7 * DAY_MS },
    { label: words.allKept, lengthMs: keptMs },
  ].filter(({ lengthMs }) => lengthMs <= keptMs);
  const open = dates.value || dated;

  function choose(lengthMs: number): void {
    dates.value = false;
    batch(() => {
      state.windowFrom.value = null;
      state.windowTo.value = null;
      state.windowMinutes.value = lengthMs === DAY_MS ? null : lengthMs / 60_000;
    });
  }

  return (
    <div class="window-choice">
      <fieldset class="lengths">
        <legend class="unseen">{words.window}</legend>
        {lengths.map(({ label, lengthMs }) => (
          <button
            key={label}
            type="button"
            aria-pressed={!open && windowLengthMs(state) === lengthMs}
            onClick={() => choose(lengthMs)}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={open}
          aria-expanded={open}
          onClick={() => {
            if (dated) choose(DAY_MS);
            else dates.value = !dates.value;
          }}
        >
          {words.dates}
        </button>
      </fieldset>
      {open && <Dates state={state} shown={shown} />}
    </div>
  );
}

function Dates({ state, shown }: { state: MapState; shown: TimeWindow }) {
  const words = texts.value.page;
  const timeZone = state.timeZone.value;
  const from = localText(shown.fromMs, timeZone);
  const to = localText(shown.toMs, timeZone);
  const trouble = useSignal(false);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const fromMs = readLocal(String(form.get("from")), timeZone);
    const toMs = readLocal(String(form.get("to")), timeZone);
    trouble.value = fromMs === null || toMs === null || fromMs >= toMs || fromMs < 0;
    if (trouble.value) return;
    batch(() => {
      state.windowFrom.value = fromMs;
      state.windowTo.value = toMs;
    });
  }

  return (
    <form class="dates" onSubmit={submit}>
      <DateField name="from" label={words.from} value={from} wrong={trouble.value} />
      <DateField name="to" label={words.to} value={to} wrong={trouble.value} />
      <button type="submit" class="plain">
        {words.showDates}
      </button>
      {trouble.value && (
        <p class="trouble" role="alert">
          {words.wrongDates}
        </p>
      )}
    </form>
  );
}

/** Keeps what is being typed: the value is that of when the fields were opened, or of what was chosen last. */
function DateField({ name, label, value, wrong }: { name: string; label: string; value: string; wrong: boolean }) {
  const typed = useSignal<string | null>(null);
  return (
    <label>
      <span>{label}</span>
      <input
        name={name}
        type="datetime-local"
        required
        max="9999-12-31T23:59"
        value={typed.value ?? value}
        aria-invalid={wrong}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}
