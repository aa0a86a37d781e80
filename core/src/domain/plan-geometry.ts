import { LATITUDE_LIMIT } from "./fix.ts";
import { PLAN_POSITIONS_MAX } from "./plan.ts";

/** Degrees, about 0.1 mm: two lines that meet this near to a corner of one of them touch, and do not cross. */
const TOUCH_DEGREES = 1e-9;

/** Longitude first, as GeoJSON has it. */
type Place = readonly number[];

/** Lines or rings whose form is right, with all that one feature has of them. */
export type CheckedGeometry =
  | { type: "MultiLineString"; coordinates: number[][][] }
  | { type: "MultiPolygon"; coordinates: number[][][][] };

/** Places where lines or rings cross themselves or one another, as longitude and latitude; corners may be among them. */
export type FindCrossings = (geometry: CheckedGeometry) => readonly Place[];

/** What is wrong with a geometry's coordinates; `at` is where, as the continuation of their name, such as `[0][2]`. */
export type GeometryTrouble = { readonly at: string } & (
  | { readonly trouble: "nesting" | "position" | "longitude" | "latitude" | "open-ring" }
  | { readonly trouble: "too-few-positions"; readonly least: number }
  | { readonly trouble: "too-many-positions"; readonly count: number }
  | { readonly trouble: "crossing"; readonly longitude: number; readonly latitude: number }
);

/**
 * Looks for what is wrong with the coordinates of a line or polygon, or of several; null where nothing is.
 * @param type one of GeoJSON's four, which the caller has seen to
 */
export function geometryTrouble(
  type: string,
  coordinates: unknown,
  findCrossings: FindCrossings,
): GeometryTrouble | null {
  const isMany = type.startsWith("Multi");
  if (isMany && !Array.isArray(coordinates)) return { at: "", trouble: "nesting" };
  const parts: readonly unknown[] = isMany ? (coordinates as unknown[]) : [coordinates];
  const where = (index: number) => (isMany ? `[${index}]` : "");
  return type.endsWith("LineString")
    ? linesTrouble(parts, where, findCrossings)
    : polygonsTrouble(parts, where, findCrossings);
}

type Where = (index: number) => string;

function linesTrouble(lines: readonly unknown[], where: Where, findCrossings: FindCrossings): GeometryTrouble | null {
  for (const [index, line] of lines.entries()) {
    const trouble = positionsTrouble(line, 2, where(index));
    if (trouble !== null) return trouble;
  }
  const checked = lines as number[][][];
  return crossingTrouble({ type: "MultiLineString", coordinates: checked }, checked.flat(), findCrossings);
}

function polygonsTrouble(
  polygons: readonly unknown[],
  where: Where,
  findCrossings: FindCrossings,
): GeometryTrouble | null {
  for (const [index, rings] of polygons.entries()) {
    if (!Array.isArray(rings) || rings.length === 0) return { at: where(index), trouble: "nesting" };
    for (const [ring, positions] of rings.entries()) {
      const at = `${where(index)}[${ring}]`;
      const trouble = positionsTrouble(positions, 4, at);
      if (trouble !== null) return trouble;
      if (!isClosed(positions as Place[])) return { at, trouble: "open-ring" };
    }
  }
  const checked = polygons as number[][][][];
  return crossingTrouble({ type: "MultiPolygon", coordinates: checked }, checked.flat(2), findCrossings);
}

function positionsTrouble(positions: unknown, least: number, at: string): GeometryTrouble | null {
  if (!Array.isArray(positions) || typeof positions[0] === "number") return { at, trouble: "nesting" };
  if (positions.length < least) return { at, trouble: "too-few-positions", least };
  for (const [index, position] of positions.entries()) {
    const trouble = positionTrouble(position);
    if (trouble !== null) return { at: `${at}[${index}]`, trouble };
  }
  return null;
}

function positionTrouble(position: unknown): "position" | "longitude" | "latitude" | null {
  if (!isPlace(position)) return "position";
  if (Math.abs(position[0] as number) > 180) return "longitude";
  return Math.abs(position[1] as number) > LATITUDE_LIMIT ? "latitude" : null;
}

function isPlace(value: unknown): value is Place {
  const isLong = Array.isArray(value) && (value.length === 2 || value.length === 3);
  return isLong && value.every((number) => typeof number === "number");
}

function isClosed(ring: readonly Place[]): boolean {
  const [first, last] = [ring[0] as Place, ring.at(-1) as Place];
  return first[0] === last[0] && first[1] === last[1];
}

/** Touching is fine (rooms share corners, a wall may end at itself); crossing is a slip of the pen. */
function crossingTrouble(
  geometry: CheckedGeometry,
  positions: readonly Place[],
  findCrossings: FindCrossings,
): GeometryTrouble | null {
  if (positions.length > PLAN_POSITIONS_MAX) {
    return { at: "", trouble: "too-many-positions", count: positions.length };
  }
  for (const [longitude, latitude] of findCrossings(geometry) as [number, number][]) {
    if (positions.some((corner) => touches(corner, longitude, latitude))) continue;
    return { at: "", trouble: "crossing", longitude, latitude };
  }
  return null;
}

function touches(corner: Place, longitude: number, latitude: number): boolean {
  return Math.hypot((corner[0] as number) - longitude, (corner[1] as number) - latitude) < TOUCH_DEGREES;
}
