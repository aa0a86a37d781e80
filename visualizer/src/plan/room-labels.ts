import type { MapAnchor } from "@encounter/core/wire/live";
import { fromAnchored, toAnchored } from "@encounter/core/wire/live";
import type { FeatureCollection, Position } from "geojson";
import type { Plan, Room } from "./plan.ts";

/** A room as its label sees it: rings in anchored metres, and places to try, the best first. */
export interface LabelledRoom {
  readonly name: string;
  readonly kind: Room["kind"];
  readonly areaM2: number;
  readonly rings: readonly Float64Array[];
  readonly box: Box;
  readonly spots: readonly Spot[];
}

/** A place, metres from the anchor. */
export interface Spot {
  readonly eastM: number;
  readonly northM: number;
}

/** What a label would rather not cover: `count` points as pairs of metres east and north of the anchor. */
export interface Obstacles {
  readonly count: number;
  readonly places: Float32Array;
}

/** What the labels have to fit to. */
export interface LabelScale {
  readonly pxPerM: number;
  /** Width of a name at a font size, CSS pixels. */
  measurePx(name: string, sizePx: number, kind: Room["kind"]): number;
}

/** A name on the map, by its middle. */
export interface RoomLabel extends Spot {
  readonly room: LabelledRoom;
  readonly sizePx: number;
  /** With its margin. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether it covers obstacles, for want of room. */
  readonly crowded: boolean;
}

/**
 * Labels as a map source wants them.
 * @param wording what is written for a room of a name
 */
export function labelFeatures(
  labels: readonly RoomLabel[],
  anchor: MapAnchor,
  wording: (name: string, kind: Room["kind"]) => string = (name) => name,
): FeatureCollection {
  const features = labels.map(({ room: { name, kind, areaM2 }, eastM, northM, sizePx, crowded }) => {
    const { longitude, latitude } = fromAnchored(anchor, eastM, northM);
    const geometry = { type: "Point" as const, coordinates: [longitude, latitude] };
    return {
      type: "Feature" as const,
      geometry,
      properties: { name: wording(name, kind), kind, areaM2, sizePx, crowded },
    };
  });
  return { type: "FeatureCollection", features };
}

interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

const COLUMNS = 7;
const ROWS = 9;
const MARGIN_PX = 7;
/** How near a dot's middle may come to the text. */
const DOT_PX = 11;
const LINE_HEIGHT = 1.2;
const LARGE_ROOM_M2 = 120;
const FURNITURE_MARGIN_PX = 3;

function sizePxOf({ kind, areaM2 }: LabelledRoom): number {
  if (kind === "furniture") return 10.5;
  return areaM2 >= LARGE_ROOM_M2 ? 13 : 11.5;
}

/** Those of which a part is in sight: within so many metres of a place. */
export function roomsNear(rooms: readonly LabelledRoom[], at: Spot, reachM: number): LabelledRoom[] {
  return rooms.filter(
    ({ box }) =>
      box.west < at.eastM + reachM &&
      box.east > at.eastM - reachM &&
      box.south < at.northM + reachM &&
      box.north > at.northM - reachM,
  );
}

/** What of a floor may have its name written: rooms and zones, or furniture. */
export function labelledRooms(
  plan: Plan | null,
  floor: number,
  anchor: MapAnchor,
  what: "rooms" | "furniture" = "rooms",
): LabelledRoom[] {
  return (plan?.[what] ?? [])
    .filter((room) => room.floor === floor)
    .map((room) => {
      const rings = ringsOf(room, anchor);
      return { name: room.name, kind: room.kind, areaM2: room.areaM2, rings, box: boxOf(rings), spots: spotsIn(rings) };
    });
}

function ringsOf(room: Room, anchor: MapAnchor): Float64Array[] {
  const { geometry } = room.feature;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flat().map((ring: Position[]) =>
    Float64Array.from(
      ring.flatMap(([longitude, latitude]) => {
        const { eastM, northM } = toAnchored(anchor, longitude!, latitude!);
        return [eastM, northM];
      }),
    ),
  );
}

/** A lattice over the room, read like a page: the name stands where a plan has it, top left, and gives way from there. */
function spotsIn(rings: readonly Float64Array[]): Spot[] {
  const box = boxOf(rings);
  const spots: (Spot & { cost: number })[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const fromLeft = column / (COLUMNS - 1);
      const fromTop = row / (ROWS - 1);
      spots.push({
        eastM: box.west + (box.east - box.west) * fromLeft,
        northM: box.north - (box.north - box.south) * fromTop,
        cost: fromLeft + fromTop * 1.5,
      });
    }
  }
  return spots.sort((a, b) => a.cost - b.cost);
}

function boxOf(rings: readonly Float64Array[]): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      west = Math.min(west, ring[i]!);
      east = Math.max(east, ring[i]!);
      south = Math.min(south, ring[i + 1]!);
      north = Math.max(north, ring[i + 1]!);
    }
  }
  return { west, south, east, north };
}

/** Even-odd rule over all rings, so that holes are outside. */
function holds(rings: readonly Float64Array[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const yi = ring[i + 1]!;
      const yj = ring[j + 1]!;
      if (yi > y === yj > y) continue;
      if (x < ((ring[j]! - ring[i]!) * (y - yi)) / (yj - yi) + ring[i]!) inside = !inside;
    }
  }
  return inside;
}

/** A box may lie along a wall: so little of it may be beyond, metres. */
const SLACK_M = 0.01;

function holdsBox(rings: readonly Float64Array[], { west, south, east, north }: Box): boolean {
  const box = { west: west + SLACK_M, south: south + SLACK_M, east: east - SLACK_M, north: north - SLACK_M };
  const middle = (box.west + box.east) / 2;
  for (const x of [box.west, middle, box.east]) {
    for (const y of [box.south, box.north]) if (!holds(rings, x, y)) return false;
  }
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const x = ring[i]!;
      const y = ring[i + 1]!;
      if (x > box.west && x < box.east && y > box.south && y < box.north) return false;
    }
  }
  return true;
}

/**
 * A label's box with its margin, hung at a spot on the room's edge or within: moved inwards by what the corner of the
 * lattice says, so that spots of the left edge give left-aligned labels.
 */
function boxAt(spot: Spot, around: Box, widthM: number, heightM: number): Box {
  const fromLeft = (spot.eastM - around.west) / (around.east - around.west || 1);
  const fromTop = (around.north - spot.northM) / (around.north - around.south || 1);
  const west = spot.eastM - widthM * fromLeft;
  const north = spot.northM + heightM * fromTop;
  return { west, south: north - heightM, east: west + widthM, north };
}

/** Where each name goes, kept from one time to the next so that names stay where they are while they can. */
export class RoomLabels {
  private readonly kept = new Map<LabelledRoom, Spot>();

  /**
   * Places the names that fit into their rooms at this scale, beside the obstacles if there is room.
   */
  place(rooms: readonly LabelledRoom[], scale: LabelScale, obstacles: Obstacles): RoomLabel[] {
    return rooms.flatMap((room) => {
      const sizePx = sizePxOf(room);
      const marginPx = room.kind === "furniture" ? FURNITURE_MARGIN_PX : MARGIN_PX;
      const widthPx = scale.measurePx(room.name, sizePx, room.kind) + 2 * marginPx;
      const heightPx = sizePx * LINE_HEIGHT + 2 * marginPx;
      const choice = this.choose(room, widthPx / scale.pxPerM, heightPx / scale.pxPerM, scale, obstacles);
      return choice === null ? [] : [{ room, sizePx, widthPx, heightPx, ...choice }];
    });
  }

  private choose(
    room: LabelledRoom,
    widthM: number,
    heightM: number,
    scale: LabelScale,
    obstacles: Obstacles,
  ): (Spot & { crowded: boolean }) | null {
    const around = room.box;
    if (widthM > around.east - around.west || heightM > around.north - around.south) return null;
    const near = placesWithin(obstacles, around);
    const kept = this.kept.get(room);
    const candidates = kept === undefined ? room.spots : [kept, ...room.spots];
    let fallback: Box | null = null;
    for (const spot of candidates) {
      const box = boxAt(spot, around, widthM, heightM);
      if (!holdsBox(room.rings, box)) continue;
      if (!covers(box, near, (DOT_PX - MARGIN_PX) / scale.pxPerM)) {
        this.kept.set(room, spot);
        return { ...middleOf(box), crowded: false };
      }
      fallback ??= box;
    }
    return fallback === null ? null : { ...middleOf(fallback), crowded: true };
  }
}

function middleOf(box: Box): Spot {
  return { eastM: (box.west + box.east) / 2, northM: (box.south + box.north) / 2 };
}

function placesWithin({ count, places }: Obstacles, box: Box): Float64Array {
  const found: number[] = [];
  for (let i = 0; i < count * 2; i += 2) {
    const x = places[i]!;
    const y = places[i + 1]!;
    if (x >= box.west && x <= box.east && y >= box.south && y <= box.north) found.push(x, y);
  }
  return Float64Array.from(found);
}

function covers(box: Box, dots: Float64Array, reachM: number): boolean {
  for (let i = 0; i < dots.length; i += 2) {
    const x = dots[i]!;
    const y = dots[i + 1]!;
    if (x > box.west - reachM && x < box.east + reachM && y > box.south - reachM && y < box.north + reachM) return true;
  }
  return false;
}
