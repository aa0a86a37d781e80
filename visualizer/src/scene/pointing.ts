import { toAnchored } from "@encounter/core/wire/live";
import { pxPerMetre } from "../drawing/anchored-matrix.ts";
import type { MapEngine, PointerPlace } from "../engine/engine.ts";
import type { MapState } from "../state/map-state.ts";

const REACH_PX = 14;

/** The device whose dot is nearest to a place and in reach of a finger, as an index in the table, or -1. */
export function deviceAt(state: MapState, engine: MapEngine, place: PointerPlace): number {
  const { table, view } = state;
  const { eastM, northM } = toAnchored(table.anchor, place.longitude, place.latitude);
  const reachM = REACH_PX / pxPerMetre(table.anchor, engine.camera().zoom);
  let nearest = -1;
  let nearestM2 = reachM * reachM;
  for (let slot = 0; slot < view.count; slot++) {
    const device = view.device[slot]!;
    const east = table.eastM[device]! - eastM;
    const north = table.northM[device]! - northM;
    const m2 = east * east + north * north;
    if (m2 > nearestM2) continue;
    nearest = device;
    nearestM2 = m2;
  }
  return nearest;
}
