import { LATITUDE_LIMIT } from "@encounter/core/domain/fix";
import { kinks } from "@turf/kinks";
import type { MultiLineString, MultiPolygon, Position } from "geojson";

/** Positions of one feature: looking for crossings takes the square of it. */
const POSITIONS_MAX = 1_000;
/** Degrees, about 0.1 mm: two lines that meet this near to a corner of one of them touch, and do not cross. */
const TOUCH_DEGREES = 1e-9;

/** What is wrong with a geometry's coordinates, as the continuation of their name, or null. */
export function geometryTrouble(type: string, coordinates: unknown): string | null {
  switch (type) {
    case "LineString":
      return linesTrouble([coordinates], () => "");
    case "MultiLineString":
      return Array.isArray(coordinates) ? linesTrouble(coordinates, (index) => `[${index}]`) : NOT_NESTED;
    case "Polygon":
      return polygonsTrouble([coordinates], () => "");
    default:
      return Array.isArray(coordinates) ? polygonsTrouble(coordinates, (index) => `[${index}]`) : NOT_NESTED;
  }
}

const NOT_NESTED = " must be nested as GeoJSON says: see RFC 7946, section 3.1";

type Where = (index: number) => string;

function linesTrouble(lines: readonly unknown[], where: Where): string | null {
  for (const [index, line] of lines.entries()) {
    const trouble = positionsTrouble(line, 2);
    if (trouble !== null) return `${where(index)}${trouble}`;
  }
  return crossingTrouble({ type: "MultiLineString", coordinates: lines as Position[][] });
}

function polygonsTrouble(polygons: readonly unknown[], where: Where): string | null {
  for (const [index, rings] of polygons.entries()) {
    if (!Array.isArray(rings) || rings.length === 0) return `${where(index)}${NOT_NESTED}`;
    for (const [ring, positions] of rings.entries()) {
      const trouble = positionsTrouble(positions, 4) ?? closingTrouble(positions as Position[]);
      if (trouble !== null) return `${where(index)}[${ring}]${trouble}`;
    }
  }
  return crossingTrouble({ type: "MultiPolygon", coordinates: polygons as Position[][][] });
}

function positionsTrouble(positions: unknown, countMin: number): string | null {
  if (!Array.isArray(positions) || typeof positions[0] === "number") return NOT_NESTED;
  if (positions.length < countMin) return ` must have at least ${countMin} positions`;
  for (const [index, position] of positions.entries()) {
    if (!isPosition(position)) return `[${index}] must be [longitude, latitude], two numbers`;
    const [longitude, latitude] = position as [number, number];
    if (Math.abs(longitude) > 180) return `[${index}] must have a longitude between -180 and 180, first`;
    if (Math.abs(latitude) > LATITUDE_LIMIT) {
      return `[${index}] must have a latitude between ${-LATITUDE_LIMIT} and ${LATITUDE_LIMIT}, second`;
    }
  }
  return null;
}

function isPosition(value: unknown): value is Position {
  const isLong = Array.isArray(value) && (value.length === 2 || value.length === 3);
  return isLong && value.every((number) => typeof number === "number");
}

function closingTrouble(ring: readonly Position[]): string | null {
  const [first, last] = [ring[0] as Position, ring.at(-1) as Position];
  return first[0] === last[0] && first[1] === last[1] ? null : " must be closed: its last position is its first";
}

/** Touching is fine (rooms share corners, a wall may end at itself); crossing is a slip of the pen. */
function crossingTrouble(geometry: MultiLineString | MultiPolygon): string | null {
  const positions = geometry.coordinates.flat(geometry.type === "MultiPolygon" ? 2 : 1) as Position[];
  if (positions.length > POSITIONS_MAX) {
    return ` must have at most ${POSITIONS_MAX} positions, not ${positions.length}: simplify or divide the feature`;
  }
  for (const { geometry: crossing } of kinks(geometry).features) {
    const [longitude, latitude] = crossing.coordinates as [number, number];
    if (positions.some((corner) => touches(corner, longitude, latitude))) continue;
    return ` must not cross itself: it does at [${longitude}, ${latitude}]`;
  }
  return null;
}

function touches(corner: Position, longitude: number, latitude: number): boolean {
  return Math.hypot((corner[0] as number) - longitude, (corner[1] as number) - latitude) < TOUCH_DEGREES;
}
