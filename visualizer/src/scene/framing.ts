import { fromAnchored } from "@encounter/core/wire/live";
import type { Bounds, Camera, Padding } from "../engine/engine.ts";
import type { MapState } from "../state/map-state.ts";

/** Below it, what lies over the map covers too much of it. */
const NARROW_PX = 640;
/** How much of its surroundings a single place is shown with, metres each way. */
const LEAST_REACH_M = 12;
const WORLD_ZOOM = 1.5;
const PLACE_ZOOM = 18;

export type Frame = { readonly bounds: Bounds; readonly padding: Padding } | { readonly camera: Camera };

/** What to look at to see a venue: its plan, else its devices, else where it is; null where nobody knows yet. */
export function frameOfVenue(state: MapState, element: HTMLElement): Frame | null {
  const padding = paddingFor(element.clientWidth);
  const plan = state.plan.peek();
  if (plan?.bounds) return { bounds: plan.bounds, padding };
  const devices = boundsOfDevices(state);
  if (devices !== null) return { bounds: devices, padding };
  const hello = state.hello.peek();
  if (hello === null) return null;
  // A venue without plan and without a fix so far is nowhere in particular.
  return { camera: { ...hello.anchor, zoom: hello.unplaced ? WORLD_ZOOM : PLACE_ZOOM, bearing: 0 } };
}

/** Room for what lies over the map. */
function paddingFor(widthPx: number): Padding {
  return widthPx < NARROW_PX
    ? { top: 24, right: 16, bottom: 48, left: 16 }
    : { top: 48, right: 64, bottom: 72, left: 64 };
}

function boundsOfDevices(state: MapState): Bounds | null {
  const { table, view } = state;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let device = 0; device < table.count; device++) {
    if (!view.isPresent(device)) continue;
    west = Math.min(west, table.eastM[device]!);
    east = Math.max(east, table.eastM[device]!);
    south = Math.min(south, table.northM[device]!);
    north = Math.max(north, table.northM[device]!);
  }
  if (west > east) return null;
  const from = fromAnchored(table.anchor, west - LEAST_REACH_M, south - LEAST_REACH_M);
  const to = fromAnchored(table.anchor, east + LEAST_REACH_M, north + LEAST_REACH_M);
  return { west: from.longitude, south: from.latitude, east: to.longitude, north: to.latitude };
}
