import type { Signal } from "@preact/signals";
import { DevicePage } from "../device-page/DevicePage.tsx";
import { MapTable } from "../map-table/MapTable.tsx";
import { NetworkPanel } from "../network/NetworkPanel.tsx";
import type { MapScene } from "../scene/map-scene.ts";
import type { MapState } from "../state/map-state.ts";
import { WatchPanel } from "../watch/WatchPanel.tsx";
import type { WatchList } from "../watch/watch-list.ts";

interface Props {
  readonly state: MapState;
  readonly scene: Signal<MapScene | null>;
  readonly list: WatchList;
}

/** What lies beside the map on its right: what the operator opened, else the page of the selected device. */
export function SidePanel({ state, list }: Props) {
  if (state.panel.value === "watch") return <WatchPanel state={state} list={list} />;
  if (state.panel.value === "network" && state.traces.value) return <NetworkPanel state={state} />;
  if (state.panel.value === "table") return <MapTable state={state} />;
  const device = state.selected.value;
  if (device === null || !state.traces.value) return null;
  return <DevicePage key={device} state={state} name={device} />;
}
