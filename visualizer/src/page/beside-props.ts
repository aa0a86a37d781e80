import type { MapState } from "../state/map-state.ts";
import type { Opening } from "../state/opening.ts";

/** What pages beside the map work with. */
export interface BesideProps {
  readonly state: MapState;
  readonly opening: Opening;
}
