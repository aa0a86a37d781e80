import { fromAnchored } from "@encounter/core/wire/live";
import type { Feature, FeatureCollection } from "geojson";
import type { DeviceTable } from "../live/device-table.ts";
import { CONTACT, type FloorView } from "../live/floor-view.ts";

/** Side of a cell on the screen: a disc with its count has room in it. */
const CELL_PX = 64;
/** Fewer devices than this in a cell speak for themselves. */
const LEAST = 4;
/** Devices of a cell nearer to each other than this, on the whole, are a pile, CSS pixels. */
const PILE_PX = 11;

/**
 * Devices that lie on top of each other at a scale, as discs with a count: cells of a fixed lattice, so that discs do
 * not wander about with those they count.
 */
export function clustersOf(table: DeviceTable, view: FloorView, pxPerM: number): FeatureCollection {
  // Cells halve and double with the scale, not a little with every step of the wheel.
  const cellM = 2 ** Math.round(Math.log2(CELL_PX / pxPerM));
  const most = (CELL_PX / PILE_PX) ** 2;
  const cells = new Map<string, Cluster>();
  for (let slot = 0; slot < view.count; slot++) {
    const device = view.device[slot]!;
    const eastM = table.eastM[device]!;
    const northM = table.northM[device]!;
    const key = `${Math.floor(eastM / cellM)} ${Math.floor(northM / cellM)}`;
    const cell = cells.get(key) ?? { count: 0, contacts: 0, eastM: 0, northM: 0 };
    cell.count++;
    if (view.standing[slot] === CONTACT) cell.contacts++;
    cell.eastM += eastM;
    cell.northM += northM;
    cells.set(key, cell);
  }
  const features: Feature[] = [];
  for (const cell of cells.values()) {
    if (cell.count >= Math.max(LEAST, most)) features.push(disc(table, cell, cellM * pxPerM));
  }
  return { type: "FeatureCollection", features };
}

interface Cluster {
  count: number;
  contacts: number;
  eastM: number;
  northM: number;
}

function disc(table: DeviceTable, { count, contacts, eastM, northM }: Cluster, cellPx: number): Feature {
  const { longitude, latitude } = fromAnchored(table.anchor, eastM / count, northM / count);
  // As large as its count, by area, but never larger than its cell.
  const radiusPx = Math.min(cellPx * 0.46, 11 + Math.sqrt(count) * 0.9);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties: { count: shortCount(count), share: contacts / count, radiusPx },
  };
}

function shortCount(count: number): string {
  return count < 1_000 ? String(count) : `${(count / 1_000).toFixed(count < 10_000 ? 1 : 0)}k`;
}
