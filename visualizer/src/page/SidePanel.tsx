import type { Signal } from "@preact/signals";
import type { MapScene } from "../scene/map-scene.ts";
import type { MapState } from "../state/map-state.ts";
import { DeviceCard } from "./DeviceCard.tsx";

interface Props {
  readonly state: MapState;
  readonly scene: Signal<MapScene | null>;
}

/** What lies beside the map on its right: what the operator opened, else the page of the selected device. */
export function SidePanel({ state }: Props) {
  const device = state.selected.value;
  if (device === null) return null;
  return <DeviceCard state={state} name={device} />;
}
