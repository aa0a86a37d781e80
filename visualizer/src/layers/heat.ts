import { fromAnchored, type MapAnchor } from "@encounter/core/wire/live";
import type { Feature, FeatureCollection } from "geojson";
import type { MinuteFrame } from "../server/history.ts";

/** Fixes of one cell are one point of the heat map. */
const CELL_M = 1;
/** A stay of so many device-minutes in a cell is as hot as it gets. */
const HOTTEST = 5;

/** Where devices of a floor were in the given minutes: points with a weight, 0 to 1. */
export function heatOf(minutes: readonly MinuteFrame[], floor: number): FeatureCollection {
  const anchor = minutes.at(-1)?.anchor;
  if (anchor === undefined) return { type: "FeatureCollection", features: [] };
  const cells = new Map<string, { count: number; column: number; row: number }>();
  for (const { frame } of minutes) {
    const { fixes } = frame;
    for (let i = 0; i < fixes.count; i++) {
      if (fixes.floor[i] !== floor) continue;
      const column = Math.floor(fixes.eastM[i]! / CELL_M);
      const row = Math.floor(fixes.northM[i]! / CELL_M);
      const key = `${column} ${row}`;
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, { count: 1, column, row });
      else cell.count++;
    }
  }
  return { type: "FeatureCollection", features: [...cells.values()].map((cell) => point(anchor, cell)) };
}

function point(anchor: MapAnchor, cell: { count: number; column: number; row: number }): Feature {
  const { longitude, latitude } = fromAnchored(anchor, (cell.column + 0.5) * CELL_M, (cell.row + 0.5) * CELL_M);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties: { weight: Math.min(1, cell.count / HOTTEST) },
  };
}
