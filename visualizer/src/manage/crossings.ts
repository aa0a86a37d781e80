import type { CheckedGeometry } from "@encounter/core/domain/plan-geometry";
import { kinks } from "@turf/turf";

/** Where lines or rings cross themselves. A file of its own, so that it is fetched with the first plan to check. */
export function crossings(geometry: CheckedGeometry): number[][] {
  return kinks(geometry).features.map((crossing) => crossing.geometry.coordinates);
}
