import { PLAN_BYTES_MAX } from "@encounter/core/domain/plan";
import {
  type CollectionTrouble,
  type FeatureTrouble,
  featureTrouble,
  isTrouble,
  planFeatures,
} from "@encounter/core/domain/plan-check";
import type { Feature, FeatureCollection } from "geojson";

/** How many troubles are told in full. */
const MOST_TOLD = 20;
/** How long the page may be kept busy at a stretch, ms. */
const TURN_MS = 12;

/** What keeps a file from being read as a plan at all. */
type FileTrouble = { readonly trouble: "too-large"; readonly bytes: number } | { readonly trouble: "not-json" };

/** What is wrong with one feature, by its place in the file. */
export interface WrongFeature {
  /** Counted from 1, as people do. */
  readonly number: number;
  readonly name: string | null;
  readonly found: FeatureTrouble;
}

/** What became of a file that should be a floor plan. */
export interface PlanReading {
  readonly fileName: string;
  /** What is wrong with the file as a whole, or null. */
  readonly whole: FileTrouble | CollectionTrouble | null;
  readonly wrong: readonly WrongFeature[];
  /** How many features are wrong, told or not. */
  readonly wrongCount: number;
  /** All of the plan, where it is one; nothing of it needs to be right. */
  readonly plan: FeatureCollection | null;
  /** The features that are right. */
  readonly drawable: readonly Feature[];
}

/** Reads a file and looks for everything that is wrong with it, without keeping the page from going on. */
export async function readPlanFile(file: File): Promise<PlanReading> {
  const refused = { fileName: file.name, wrong: [], wrongCount: 0, plan: null, drawable: [] };
  if (file.size > PLAN_BYTES_MAX) return { ...refused, whole: { trouble: "too-large", bytes: file.size } };
  let plan: unknown;
  try {
    plan = JSON.parse(await file.text());
  } catch {
    return { ...refused, whole: { trouble: "not-json" } };
  }
  const features = planFeatures(plan);
  if (isTrouble(features)) return { ...refused, whole: features };
  return { fileName: file.name, whole: null, plan: plan as FeatureCollection, ...(await checkFeatures(features)) };
}

async function checkFeatures(features: readonly unknown[]) {
  const { crossings } = await import("./crossings.ts");
  const wrong: WrongFeature[] = [];
  const drawable: Feature[] = [];
  let wrongCount = 0;
  let turnEndsMs = performance.now() + TURN_MS;
  for (const [index, feature] of features.entries()) {
    if (performance.now() > turnEndsMs) {
      await new Promise((resolve) => setTimeout(resolve));
      turnEndsMs = performance.now() + TURN_MS;
    }
    const found = featureTrouble(feature, crossings);
    if (found === null) drawable.push(feature as Feature);
    else if (++wrongCount <= MOST_TOLD) wrong.push({ number: index + 1, name: nameOf(feature), found });
  }
  return { wrong, wrongCount, drawable };
}

function nameOf(feature: unknown): string | null {
  const name = (feature as { properties?: { name?: unknown } | null } | null)?.properties?.name;
  return typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 60) : null;
}
