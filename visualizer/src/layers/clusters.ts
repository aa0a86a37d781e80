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
/** The rim around a disc. */
const RIM_PX = 2;

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
  const piles = [...cells.values()].filter(({ count }) => count >= Math.max(LEAST, most));
  const apart = keptApart(piles, pxPerM, cellM * pxPerM);
  return { type: "FeatureCollection", features: apart.map((pile) => disc(table, pile, cellM * pxPerM)) };
}

/** Devices of neighbouring cells may pile up at the edge between them: discs that would overlap become one. */
function keptApart(piles: readonly Cluster[], pxPerM: number, cellPx: number): Cluster[] {
  const apart: Cluster[] = [];
  const waiting = [...piles].sort((a, b) => a.count - b.count);
  for (let pile = waiting.pop(); pile !== undefined; pile = waiting.pop()) {
    const at = apart.findIndex((other) => overlaps(pile as Cluster, other, pxPerM, cellPx));
    if (at < 0) apart.push(pile);
    else waiting.push(merged(pile, apart.splice(at, 1)[0]!));
  }
  return apart;
}

function overlaps(one: Cluster, other: Cluster, pxPerM: number, cellPx: number): boolean {
  const eastM = one.eastM / one.count - other.eastM / other.count;
  const northM = one.northM / one.count - other.northM / other.count;
  return Math.hypot(eastM, northM) * pxPerM < radiusPxOf(one, cellPx) + radiusPxOf(other, cellPx) + 2 * RIM_PX;
}

function merged(one: Cluster, other: Cluster): Cluster {
  return {
    count: one.count + other.count,
    contacts: one.contacts + other.contacts,
    eastM: one.eastM + other.eastM,
    northM: one.northM + other.northM,
  };
}

/** As large as its count, by area, but never larger than its cell. */
function radiusPxOf({ count }: Cluster, cellPx: number): number {
  return Math.min(cellPx * 0.46, 11 + Math.sqrt(count) * 0.9);
}

interface Cluster {
  count: number;
  contacts: number;
  eastM: number;
  northM: number;
}

function disc(table: DeviceTable, cluster: Cluster, cellPx: number): Feature {
  const { count, contacts, eastM, northM } = cluster;
  const { longitude, latitude } = fromAnchored(table.anchor, eastM / count, northM / count);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties: { count: shortCount(count), share: contacts / count, radiusPx: radiusPxOf(cluster, cellPx) },
  };
}

function shortCount(count: number): string {
  return count < 1_000 ? String(count) : `${(count / 1_000).toFixed(count < 10_000 ? 1 : 0)}k`;
}
