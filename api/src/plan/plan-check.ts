import { featureTrouble, isTrouble, planFeatures } from "@encounter/core/domain/plan-check";
import type { CheckedGeometry } from "@encounter/core/domain/plan-geometry";
import { kinks } from "@turf/kinks";
import type { Breather } from "../breather.ts";
import { collectionWords, featureWords } from "./plan-wording.ts";

/** What is wrong with a value that should be a floor plan (where, and what to do), or null where nothing is. */
export async function planTrouble(plan: unknown, breather: Breather): Promise<string | null> {
  const features = planFeatures(plan);
  if (isTrouble(features)) return collectionWords(features);
  for (const [index, feature] of features.entries()) {
    await breather.pause();
    const trouble = featureTrouble(feature, crossings);
    if (trouble !== null) return `features[${index}]${featureWords(trouble)}`;
  }
  return null;
}

function crossings(geometry: CheckedGeometry): number[][] {
  return kinks(geometry).features.map((crossing) => crossing.geometry.coordinates);
}
