import { effect } from "@preact/signals";
import { formatPlace, type MapPlace, parsePlace } from "./map-place.ts";
import type { MapState } from "./map-state.ts";

/**
 * Keeps the address of the page and the state the same: what one looks at is in the link, and Back goes back to
 * what was looked at before. Moving the camera makes no step of its own.
 */
export function keepAddress(state: MapState): void {
  state.follow(location.hash);
  addEventListener("popstate", () => state.follow(location.hash));
  effect(() => {
    const place = state.place();
    const text = formatPlace(place);
    const hash = text === "" ? "" : `#${text}`;
    if (state.phase.value !== "map" || hash === location.hash) return;
    const before = parsePlace(location.hash);
    const step = before.venue !== null && (goesElsewhere(before, place) || changed(before.floor, place.floor));
    history[step ? "pushState" : "replaceState"](null, "", `${location.pathname}${location.search}${hash}`);
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
