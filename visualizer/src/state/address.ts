import { batch, effect } from "@preact/signals";
import { beside, readBeside } from "./beside.ts";
import { formatPlace, type MapPlace, parsePlace } from "./map-place.ts";
import type { MapState } from "./map-state.ts";

/**
 * Keeps the address of the page and the state the same: what one looks at is in the link, and Back goes back to
 * what was looked at before. Moving the camera makes no step of its own.
 */
export function keepAddress(state: MapState): void {
  // What the address was when it was last read or written: another one is news, of which the event is on its way.
  let known = location.hash;
  state.follow(known);
  addEventListener("popstate", () =>
    batch(() => {
      known = location.hash;
      beside.value = readBeside(location.hash);
      if (beside.value === null) state.follow(location.hash);
    }),
  );
  effect(() => {
    const place = state.place();
    const text = formatPlace(place);
    const hash = text === "" ? "" : `#${text}`;
    const isBeside = beside.value !== null;
    if (!isBeside) state.isSought.value = true;
    if (state.phase.value !== "map" || isBeside || location.hash !== known || hash === known) return;
    const before = parsePlace(location.hash);
    const step = before.venue !== null && (goesElsewhere(before, place) || changed(before.floor, place.floor));
    history[step ? "pushState" : "replaceState"](null, "", `${location.pathname}${location.search}${hash}`);
    known = location.hash;
  });
}

/** Whether it is another thing that one looks at. Time, measure and camera are turned, not gone to. */
function goesElsewhere(before: MapPlace, now: MapPlace): boolean {
  return (["venue", "device", "other", "panel"] as const).some((word) => before[word] !== now[word]);
}

/** A floor that was not named before is no step: the map has only made up its mind. */
function changed(before: number | null, now: number | null): boolean {
  return before !== null && now !== null && before !== now;
}
