import type { Feature, FeatureCollection } from "geojson";
import { type DeviceLook, stateOf } from "../page/device-state.ts";
import { roomAt } from "../plan/plan.ts";
import type { MapState } from "../state/map-state.ts";

/** A device on the floor that is shown. Lengths in metres, times ISO 8601 in UTC. */
export interface ShownDevice {
  readonly device_id: string;
  readonly state: DeviceLook;
  readonly time: string;
  readonly longitude: number;
  readonly latitude: number;
  readonly floor: number;
  readonly accuracy: number;
  readonly room: string;
}

/** A line on the floor that is shown. */
export interface ShownLine {
  readonly device_id: string;
  readonly other: string;
  readonly minutes: number;
  readonly contact: boolean;
  readonly certain: boolean;
}

/** A ten-millionth of a degree is about a centimetre. */
function degrees(value: number): number {
  return Number(value.toFixed(7));
}

/** The devices that the map shows now, in the order of the map. */
export function shownDevices(state: MapState): ShownDevice[] {
  const { table, view } = state;
  return Array.from({ length: view.count }, (_, slot) => {
    const index = view.device[slot]!;
    const { longitude, latitude } = table.placeOf(index);
    const floor = table.floor[index]!;
    return {
      device_id: table.names[index] ?? "",
      state: stateOf(view, index),
      time: new Date(table.fixTimeMs[index]!).toISOString(),
      longitude: degrees(longitude),
      latitude: degrees(latitude),
      floor,
      accuracy: Number(table.accuracyM[index]!.toFixed(2)),
      room: roomAt(state.plan.peek() ?? null, longitude, latitude, floor) ?? "",
    };
  });
}

/** The lines that the map shows now. */
export function shownLines(state: MapState): ShownLine[] {
  const { table, view } = state;
  const nameAt = (slot: number) => table.names[view.device[slot]!] ?? "";
  return Array.from({ length: view.lineCount }, (_, line) => ({
    device_id: nameAt(view.lineA[line]!),
    other: nameAt(view.lineB[line]!),
    minutes: view.lineMinutes[line]!,
    contact: view.lineContact[line] === 1,
    certain: view.lineCertain[line] === 1,
  }));
}

/** What the map shows as GeoJSON: a point a device, a line a pair. */
export function shownGeoJson(state: MapState): FeatureCollection {
  const devices = shownDevices(state);
  const placeOf = new Map(devices.map((device) => [device.device_id, [device.longitude, device.latitude]]));
  const points = devices.map(({ longitude, latitude, ...properties }): Feature => {
    return { type: "Feature", geometry: { type: "Point", coordinates: [longitude, latitude] }, properties };
  });
  const lines = shownLines(state).map((line): Feature => {
    const coordinates = [placeOf.get(line.device_id)!, placeOf.get(line.other)!];
    return { type: "Feature", geometry: { type: "LineString", coordinates }, properties: line };
  });
  return { type: "FeatureCollection", features: [...points, ...lines] };
}
