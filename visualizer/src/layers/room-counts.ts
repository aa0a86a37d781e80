import { roomAt } from "../plan/plan.ts";
import type { MapState } from "../state/map-state.ts";

/** How many devices of the floor that is shown are in each of its named rooms. */
export function roomCounts(state: MapState): ReadonlyMap<string, number> {
  const { table, view } = state;
  const plan = state.plan.peek() ?? null;
  const floor = state.floor.peek();
  const counts = new Map<string, number>();
  for (let slot = 0; slot < view.count; slot++) {
    const { longitude, latitude } = table.placeOf(view.device[slot]!);
    const room = roomAt(plan, longitude, latitude, floor);
    if (room !== null) counts.set(room, (counts.get(room) ?? 0) + 1);
  }
  return counts;
}
