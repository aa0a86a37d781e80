import type { Position } from "@encounter/core/domain/fix";
import { longitudeDifference } from "@encounter/core/domain/geodesy";
import type { MapAnchor } from "@encounter/core/wire/live";

/** The centre of a floor plan's bounding box, or null where there is nothing in it to see. Plan: GeoJSON text. */
export function anchorOfPlan(plan: string): MapAnchor | null {
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
  const { features = [] } = JSON.parse(plan) as { features?: { geometry?: { coordinates?: unknown } | null }[] };
  for (const { geometry } of features) {
    visitPoints(geometry?.coordinates, (longitude, latitude) => {
      box.west = Math.min(box.west, longitude);
      box.east = Math.max(box.east, longitude);
      box.south = Math.min(box.south, latitude);
      box.north = Math.max(box.north, latitude);
    });
  }
  if (box.west > box.east) return null;
  return { longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2 };
}

function visitPoints(coordinates: unknown, visit: (longitude: number, latitude: number) => void): void {
  if (!Array.isArray(coordinates)) return;
  const [first, second] = coordinates as unknown[];
  if (typeof first === "number" && typeof second === "number") visit(first, second);
  else for (const part of coordinates) visitPoints(part, visit);
}

/**
 * A position amid many, or null where there are none: the median of each coordinate, so that one device that is
 * far off (one without reception may say 0, 0) does not take the origin with it, and metres stay small.
 */
export function anchorAmid(positions: readonly Position[]): MapAnchor | null {
  const [first] = positions;
  if (first === undefined) return null;
  const east = median(positions.map(({ longitude }) => longitudeDifference(first.longitude, longitude)));
  const longitude = longitudeDifference(0, first.longitude + east);
  return { longitude, latitude: median(positions.map(({ latitude }) => latitude)) };
}

function median(values: readonly number[]): number {
  const ordered = Float64Array.from(values).sort();
  return ordered[Math.floor(ordered.length / 2)] as number;
}
