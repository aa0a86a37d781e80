import { fromAnchored } from "@encounter/core/wire/live";
import type { Feature, FeatureCollection } from "geojson";
import type { DeviceTable } from "../live/device-table.ts";
import { CONTACT, type FloorView } from "../live/floor-view.ts";

/** Side of a cell on the screen: a disc with its count has room in it. */
const CELL_PX = 64;
/** Fewer devices than this in a cell speak for themselves. */
const LEAST = 16;
/** Devices of a cell nearer to each other than this, on the whole, are a pile, CSS pixels. */
const PILE_PX = 11;
/** The rim around a disc. */
const RIM_PX = 2;

/** Parts of a cell each way: those who stand in parts that touch belong together, others do not. */
const PARTS = 4;

/**
 * Devices that lie on top of each other at a scale, as discs with a count: cells of a fixed lattice, so that discs do
 * not wander about with those they count. What a gap parts within a cell, as a street does two houses, are two discs.
 */
export function clustersOf(table: DeviceTable, view: FloorView, pxPerM: number): FeatureCollection {
  // Cells halve and double with the scale, not a little with every step of the wheel.
  const cellM = 2 ** Math.round(Math.log2(CELL_PX / pxPerM));
  const partM = cellM / PARTS;
  const cells = new Map<number, Map<number, Cluster>>();
  for (let slot = 0; slot < view.count; slot++) {
    const device = view.device[slot]!;
    const eastM = table.eastM[device]!;
    const northM = table.northM[device]!;
    const key = Math.floor(eastM / cellM) * 2 ** 24 + Math.floor(northM / cellM);
    const parts = cells.get(key) ?? new Map<number, Cluster>();
    cells.set(key, parts);
    const part = mod(Math.floor(eastM / partM)) * PARTS + mod(Math.floor(northM / partM));
    const pile = parts.get(part) ?? { count: 0, contacts: 0, eastM: 0, northM: 0, parts: 1 };
    parts.set(part, pile);
    pile.count++;
    if (view.standing[slot] === CONTACT) pile.contacts++;
    pile.eastM += eastM;
    pile.northM += northM;
  }
  const perPart = (CELL_PX / PARTS / PILE_PX) ** 2;
  const piles = [...cells.values()].flatMap(together);
  const dense = piles.filter(({ count, parts }) => count >= Math.max(LEAST, parts * perPart));
  const apart = keptApart(dense, pxPerM, cellM * pxPerM);
  return { type: "FeatureCollection", features: apart.map((pile) => disc(table, pile, cellM * pxPerM)) };
}

function mod(part: number): number {
  return ((part % PARTS) + PARTS) % PARTS;
}

/** Parts of a cell that touch, even at a corner, as one. */
function together(parts: Map<number, Cluster>): Cluster[] {
  const piles: Cluster[] = [];
  for (const [first, cluster] of parts) {
    parts.delete(first);
    let pile = cluster;
    const reached = [first];
    for (const part of reached) {
      for (const [other, neighbour] of parts) {
        if (!touches(part, other)) continue;
        parts.delete(other);
        reached.push(other);
        pile = merged(pile, neighbour);
      }
    }
    piles.push(pile);
  }
  return piles;
}

function touches(one: number, other: number): boolean {
  const columns = Math.abs(Math.floor(one / PARTS) - Math.floor(other / PARTS));
  return columns <= 1 && Math.abs((one % PARTS) - (other % PARTS)) <= 1;
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
    parts: one.parts + other.parts,
  };
}

/** As large as its count, by area, but never larger than its cell. */
function radiusPxOf({ count }: Cluster, cellPx: number): number {
  return Math.min(cellPx * 0.46, 11 + Math.sqrt(count) * 0.9);
}

/** Devices that are counted together; metres are sums. */
interface Cluster {
  count: number;
  contacts: number;
  eastM: number;
  northM: number;
  /** Parts of cells that they stand in. */
  readonly parts: number;
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
