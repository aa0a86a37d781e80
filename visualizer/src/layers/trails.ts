import { fromAnchored } from "@encounter/core/wire/live";
import type { Feature, FeatureCollection, Position } from "geojson";
import type { DeviceTable } from "../live/device-table.ts";
import type { FloorView } from "../live/floor-view.ts";
import type { MinuteFrame } from "../server/history.ts";

/** Trails of more devices than this would be a tangle: then only the chosen one leaves one. */
const MOST_DEVICES = 1_500;

/**
 * The way that devices on this floor took in the last minutes up to where they are, as lines. A device that changed
 * floors leaves its trail on the floor it is on.
 * @param selected index of the device that is looked at, or -1
 */
export function trailsOf(
  minutes: readonly MinuteFrame[],
  table: DeviceTable,
  view: FloorView,
  floor: number,
  selected: number,
): FeatureCollection {
  const all = view.count <= MOST_DEVICES;
  const ways = new Map<number, Position[]>();
  for (const { anchor, frame } of minutes) {
    const { fixes, names } = frame;
    for (let i = 0; i < fixes.count; i++) {
      if (fixes.floor[i] !== floor) continue;
      const device = table.indexOf(names[fixes.device[i]!] ?? "");
      if (device < 0 || view.slot(device) < 0 || !(all || device === selected)) continue;
      const { longitude, latitude } = fromAnchored(anchor, fixes.eastM[i]!, fixes.northM[i]!);
      const way = ways.get(device);
      if (way === undefined) ways.set(device, [[longitude, latitude]]);
      else way.push([longitude, latitude]);
    }
  }
  const features = [...ways].map(([device, way]) => trail(table, device, way, device === selected));
  return { type: "FeatureCollection", features: features.filter(({ geometry }) => geometry.coordinates.length > 1) };
}

function trail(
  table: DeviceTable,
  device: number,
  way: Position[],
  selected: boolean,
): Feature<{ type: "LineString"; coordinates: Position[] }> {
  const { longitude, latitude } = table.placeOf(device);
  const coordinates = [...way, [longitude, latitude]];
  return { type: "Feature", geometry: { type: "LineString", coordinates }, properties: { selected } };
}
