import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../language/language.ts";
import { TimeBar } from "../past/TimeBar.tsx";
import { listenForTimeKeys } from "../past/time-keys.ts";
import type { MapScene } from "../scene/map-scene.ts";
import type { AppProps } from "./app-props.ts";
import { DevicePanel } from "./DevicePanel.tsx";
import { MapStage } from "./MapStage.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { TopBar } from "./TopBar.tsx";

/** The map with what belongs to it. */
export function MapPage({ state, opening, watch, meter, machine, activity, watchList }: AppProps) {
  const scene = useSignal<MapScene | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const name = state.venue.value?.name ?? texts.value.title;
  useEffect(() => listenForTimeKeys(machine), [machine]);
  useEffect(() => {
    document.title = `${name} · ${texts.value.title}`;
  }, [name]);
  return (
    <div class="map-page">
      <button type="button" class="skip" onClick={() => list.current?.focus()}>
        {texts.value.skipToDevices}
      </button>
      <h1 class="unseen">{name}</h1>
      <TopBar state={state} opening={opening} watchList={watchList} />
      <main class="desk">
        <MapStage state={state} watchList={watchList} machine={machine} watch={watch} meter={meter} scene={scene} />
        <DevicePanel state={state} scene={scene} list={list} />
        <SidePanel state={state} scene={scene} list={watchList} />
      </main>
      <TimeBar state={state} machine={machine} activity={activity} />
    </div>
  );
}
