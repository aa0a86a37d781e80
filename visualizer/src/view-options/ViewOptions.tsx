import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { MapScene } from "../scene/map-scene.ts";
import { LAYERS } from "../state/map-place.ts";
import { LEAVE_S, type MapState, STALE_S } from "../state/map-state.ts";
import { TakeAway } from "../take-away/TakeAway.tsx";
import { Slider } from "./Slider.tsx";

/** Further than this nobody turns the minutes; a link may. */
const MOST_MINUTES = 60;
const MOST_STALE_S = 300;
const MOST_LEAVE_MINUTES = 60;

/** By which measure, with which layers and for how long devices are shown: a sheet behind a button. */
export function ViewOptions({ state, scene }: { state: MapState; scene: Signal<MapScene | null> }) {
  const words = texts.value.view;
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    function closeOutside(event: PointerEvent): void {
      if (!box.current?.contains(event.target as Node)) open.value = false;
    }
    function closeOnEscape(event: KeyboardEvent): void {
      if (event.key !== "Escape" || !open.value || !box.current?.contains(document.activeElement)) return;
      open.value = false;
      button.current?.focus();
    }
    addEventListener("pointerdown", closeOutside);
    addEventListener("keydown", closeOnEscape);
    return () => {
      removeEventListener("pointerdown", closeOutside);
      removeEventListener("keydown", closeOnEscape);
    };
  }, [open]);
  return (
    <div class="view-options" ref={box}>
      <button
        type="button"
        ref={button}
        class="view-button"
        aria-expanded={open.value}
        title={words.open}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7" />
          <circle cx="11" cy="4.5" r="1.8" />
          <circle cx="5" cy="11.5" r="1.8" />
        </svg>
        {words.title}
      </button>
      {open.value && (
        <div class="view-sheet">
          <MeasureFields state={state} />
          <LayerFields state={state} />
          <FadingFields state={state} />
          <TakeAway state={state} scene={scene} />
        </div>
      )}
    </div>
  );
}

function MeasureFields({ state }: { state: MapState }) {
  const { view: words, code } = texts.value;
  const { measure } = state;
  const { capDm, minMinutes } = measure.venue.value;
  return (
    <fieldset>
      <legend>{words.measure}</legend>
      <Slider
        label={words.proximity}
        least={0}
        most={capDm / 10}
        step={0.1}
        value={measure.proximityDm.value / 10}
        text={(value) => words.metres(value.toLocaleString(code, { maximumFractionDigits: 1 }))}
        choose={(value) => {
          const proximityDm = Math.round(value * 10);
          measure.askedProximityDm.value = proximityDm === measure.venue.peek().proximityDm ? null : proximityDm;
        }}
      />
      <Slider
        label={words.minMinutes}
        least={1}
        most={Math.max(MOST_MINUTES, minMinutes, measure.minMinutes.value)}
        step={1}
        value={measure.minMinutes.value}
        text={words.minutes}
        choose={(value) => {
          measure.askedMinMinutes.value = value === minMinutes ? null : value;
        }}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={measure.certain.value}
          onChange={(event) => {
            measure.certain.value = event.currentTarget.checked;
          }}
        />
        {words.certain}
      </label>
      {measure.isTried.value && (
        <button type="button" class="plain" onClick={() => measure.reset()}>
          {words.reset}
        </button>
      )}
    </fieldset>
  );
}

function LayerFields({ state }: { state: MapState }) {
  const words = texts.value.view;
  return (
    <fieldset>
      <legend>{words.layers}</legend>
      {LAYERS.map((layer) => (
        <label key={layer} class="check">
          <input
            type="checkbox"
            checked={state.layers.value.has(layer)}
            onChange={(event) => state.switchLayer(layer, event.currentTarget.checked)}
          />
          {words.layer[layer]}
        </label>
      ))}
    </fieldset>
  );
}

function FadingFields({ state }: { state: MapState }) {
  const words = texts.value.view;
  const staleS = state.staleS.value ?? STALE_S;
  const leaveS = state.leaveS.value ?? LEAVE_S;
  return (
    <fieldset>
      <legend>{words.fading}</legend>
      <Slider
        label={words.stale}
        least={10}
        most={Math.max(MOST_STALE_S, staleS)}
        step={10}
        value={staleS}
        text={words.seconds}
        choose={(value) => {
          state.staleS.value = value === STALE_S ? null : value;
        }}
      />
      <Slider
        label={words.leave}
        least={1}
        most={Math.max(MOST_LEAVE_MINUTES, Math.ceil(leaveS / 60))}
        step={1}
        value={Math.round(leaveS / 60)}
        text={words.minutes}
        choose={(value) => {
          state.leaveS.value = value * 60 === LEAVE_S ? null : value * 60;
        }}
      />
    </fieldset>
  );
}

/** Says that another measure than the venue's is in force, lest anybody takes it for the venue's. */
export function TriedMeasure({ state }: { state: MapState }) {
  const { view: words, code } = texts.value;
  const { measure } = state;
  if (!measure.isTried.value) return null;
  const proximity = (measure.proximityDm.value / 10).toLocaleString(code);
  return (
    <div class="notice notice-tried">
      <span>{words.tried(proximity, measure.minMinutes.value, measure.certain.value)}</span>
      {state.refusal.value !== null && state.minute.value === null && <p>{words.refused(state.refusal.value)}</p>}
      <button type="button" class="plain" onClick={() => measure.reset()}>
        {words.reset}
      </button>
    </div>
  );
}
