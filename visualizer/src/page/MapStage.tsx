import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import type { TimeMachine } from "../past/time-machine.ts";
import { MapScene } from "../scene/map-scene.ts";
import type { FrameMeter } from "../state/frame-meter.ts";
import type { MapState } from "../state/map-state.ts";
import type { VenueWatch } from "../state/venue-watch.ts";
import { ViewOptions } from "../view-options/ViewOptions.tsx";
import { WatchNotes } from "../watch/WatchPanel.tsx";
import type { WatchList } from "../watch/watch-list.ts";
import { DeviceTip } from "./DeviceTip.tsx";
import { Legend } from "./Legend.tsx";
import { MapControls } from "./MapControls.tsx";
import { Notices } from "./Notices.tsx";

interface Props {
  readonly state: MapState;
  readonly machine: TimeMachine;
  readonly watchList: WatchList;
  readonly watch: VenueWatch;
  readonly meter: FrameMeter;
  readonly scene: Signal<MapScene | null>;
}

/** The map and what lies over it. */
export function MapStage({ state, machine, watchList, watch, meter, scene }: Props) {
  return (
    <section class="stage" aria-label={texts.value.map}>
      <MapCanvas state={state} machine={machine} meter={meter} scene={scene} />
      <Notices state={state} machine={machine} scene={scene} retryNow={() => watch.retryNow()}>
        <WatchNotes state={state} list={watchList} />
      </Notices>
      <ViewOptions state={state} scene={scene} />
      <Legend state={state} />
      {scene.value !== null && <MapControls scene={scene.value} />}
      {scene.value !== null && <DeviceTip state={state} scene={scene.value} />}
    </section>
  );
}

/** The element that the engine draws in; it says of itself what it shows. */
function MapCanvas({ state, machine, meter, scene }: Omit<Props, "watch" | "watchList">) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const opened = new MapScene(state, machine, element.current!, meter);
    opened.start();
    scene.value = opened;
    return () => {
      scene.value = null;
      opened.close();
    };
  }, [state, machine, meter, scene]);
  const { drawnMinute, connection, floor, venueId } = state;
  return (
    <div
      class="map"
      id="map"
      ref={element}
      data-connection={connection.value}
      data-minute={drawnMinute.value === null ? "" : String(drawnMinute.value)}
      data-venue={venueId.value ?? ""}
      data-floor={String(floor.value)}
    />
  );
}
