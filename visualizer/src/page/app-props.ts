import type { ActivityWatch } from "../past/activity-watch.ts";
import type { TimeMachine } from "../past/time-machine.ts";
import type { FrameMeter } from "../state/frame-meter.ts";
import type { MapState } from "../state/map-state.ts";
import type { Opening } from "../state/opening.ts";
import type { VenueWatch } from "../state/venue-watch.ts";

import type { WatchList } from "../watch/watch-list.ts";

/** What the page is made of. */
export interface AppProps {
  readonly state: MapState;
  readonly opening: Opening;
  readonly watch: VenueWatch;
  readonly meter: FrameMeter;
  readonly machine: TimeMachine;
  readonly activity: ActivityWatch;
  readonly watchList: WatchList;
}
