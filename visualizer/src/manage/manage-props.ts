import type { MapState } from "../state/map-state.ts";
import type { Opening } from "../state/opening.ts";

/** What the page about venues works with. */
export interface ManageProps {
  readonly state: MapState;
  readonly opening: Opening;
}
