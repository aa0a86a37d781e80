import type { Feature, FeatureCollection, Polygon } from "geojson";

/** Most troubles told. */
const TOLD_MAX = 5;

/**
 * What is wrong with a given plan's outlines, feature by feature: outlines that cross themselves have no inside that
 * one could rely on. The plan is used all the same.
 */
export async function planTroubles(plan: unknown): Promise<string[]> {
  // Turf takes half a second to load: only whoever brings a plan waits for it.
  const { kinks } = await import("@turf/turf");
  const { features } = plan as FeatureCollection;
  const crossing = features
    .map((feature, index) => ({ feature, index }))
    .filter(({ feature }) => isPolygon(feature) && kinks(feature).features.length > 0);
  const told = crossing
    .slice(0, TOLD_MAX)
    .map(({ feature, index }) => `the outline of ${nameOf(feature, index)} crosses itself`);
  return crossing.length > TOLD_MAX ? [...told, `and so do ${crossing.length - TOLD_MAX} more`] : told;
}

function isPolygon(feature: Feature): feature is Feature<Polygon> {
  return feature.geometry?.type === "Polygon";
}

function nameOf({ properties }: Feature, index: number): string {
  const name = properties?.name === undefined ? "" : ` "${properties.name}"`;
  return `${properties?.kind ?? "feature"}${name} (feature ${index + 1})`;
}
