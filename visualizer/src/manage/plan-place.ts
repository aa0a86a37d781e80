import { distance } from "@turf/turf";
import type { Bounds } from "../engine/engine.ts";

/** Where a venue is, as far as anything says so. */
export interface KnownPlace {
  readonly longitude: number;
  readonly latitude: number;
  readonly by: "devices" | "plan";
}

/** A plan that is not where the venue is. */
export interface FarAway {
  readonly distanceM: number;
  readonly by: KnownPlace["by"];
  /** Whether it would be near if latitude and longitude were exchanged. */
  readonly swapped: boolean;
}

/** So far from its devices no plan of a venue is, metres. */
const FAR_M = 500;

/** Where most of some fixes are: one that is far off moves it little. */
export function middleOf(fixes: readonly { longitude: number; latitude: number }[]): KnownPlace | null {
  if (fixes.length === 0) return null;
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
  return {
    longitude: median(fixes.map(({ longitude }) => longitude)),
    latitude: median(fixes.map(({ latitude }) => latitude)),
    by: "devices",
  };
}

/** The middle of a plan, as where its venue is. */
export function middleOfPlan({ west, south, east, north }: Bounds): KnownPlace {
  return { longitude: (west + east) / 2, latitude: (south + north) / 2, by: "plan" };
}

/** How far a plan is from where its venue is, or null where it is there. */
export function farAway(bounds: Bounds, place: KnownPlace): FarAway | null {
  const distanceM = distanceTo(bounds, place.longitude, place.latitude);
  if (distanceM <= FAR_M) return null;
  const swapped = Math.abs(place.longitude) <= 90 && distanceTo(bounds, place.latitude, place.longitude) <= 100 * FAR_M;
  return { distanceM, by: place.by, swapped: swapped && distanceM > 100 * FAR_M };
}

/** From a box to a place; 0 within it. */
function distanceTo({ west, south, east, north }: Bounds, longitude: number, latitude: number): number {
  const nearest = [Math.min(east, Math.max(west, longitude)), Math.min(north, Math.max(south, latitude))];
  return distance(nearest, [longitude, latitude], { units: "meters" });
}
