import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { type DeviceFilter, DeviceList } from "../live/device-list.ts";
import type { MapScene } from "../scene/map-scene.ts";
import type { MapState } from "../state/map-state.ts";
import { DeviceRows } from "./DeviceRows.tsx";
import { isMeantElsewhere } from "./typing.ts";

interface Props {
  readonly state: MapState;
  readonly scene: Signal<MapScene | null>;
  readonly list: RefObject<HTMLDivElement | null>;
}

/** All devices of the venue, to look through, filter and choose from. */
export function DevicePanel({ state, scene, list }: Props) {
  state.beat.value;
  const { filter, query } = state;
  const devices = useRef(new DeviceList()).current.select(state.table, state.view, filter.value, query.value);

  function choose(name: string): void {
    state.choose(name);
    scene.value?.showDevice(name);
  }

  return (
    <section class="devices" aria-label={texts.value.devices}>
      <Search query={query} />
      <Filters state={state} filter={filter} />
      <DeviceRows state={state} devices={devices} choose={choose} list={list} />
    </section>
  );
}

function Search({ query }: { query: Signal<string> }) {
  const input = useRef<HTMLInputElement>(null);
  // Not after the first paint, but with it: whoever is quick must not be lost.
  useLayoutEffect(() => {
    function focusOnSlash(event: KeyboardEvent): void {
      if (event.key !== "/" || isMeantElsewhere(event)) return;
      event.preventDefault();
      input.current?.focus();
    }
    addEventListener("keydown", focusOnSlash);
    return () => removeEventListener("keydown", focusOnSlash);
  }, []);
  return (
    <input
      ref={input}
      type="search"
      class="search"
      aria-label={texts.value.search}
      placeholder={texts.value.searchHint}
      value={query.value}
      onInput={(event) => {
        query.value = event.currentTarget.value;
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") query.value = "";
      }}
    />
  );
}

function Filters({ state, filter }: { state: MapState; filter: Signal<DeviceFilter> }) {
  const words = texts.value;
  const { devices, inContact, stale } = state.summary.value;
  const filters: { value: DeviceFilter; label: string; count: number }[] = [
    { value: "all", label: words.all, count: devices },
    { value: "contact", label: words.inContact, count: inContact },
    { value: "stale", label: words.stale, count: stale },
  ];
  return (
    <fieldset class="filters">
      <legend class="unseen">{words.filter}</legend>
      {filters.map(({ value, label, count }) => (
        <label key={value} class="filter">
          <input
            type="radio"
            name="filter"
            class="unseen"
            checked={filter.value === value}
            onChange={() => {
              filter.value = value;
            }}
          />
          <span>
            {label} <b>{count.toLocaleString(words.code)}</b>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
