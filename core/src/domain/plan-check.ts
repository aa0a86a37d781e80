import {
  FLOOR_MAX,
  FLOOR_MIN,
  LINE_KINDS,
  PLAN_FEATURES_MAX,
  PLAN_KINDS,
  PLAN_NAME_LENGTH_MAX,
  type PlanKind,
} from "./plan.ts";
import { type FindCrossings, type GeometryTrouble, geometryTrouble } from "./plan-geometry.ts";

/** What is wrong with a plan as a whole; it is put into words where somebody reads it. */
export type CollectionTrouble =
  | { readonly trouble: "no-collection" | "no-features" }
  | { readonly trouble: "too-many-features"; readonly count: number };

/** What is wrong with one feature of a plan. */
export type FeatureTrouble =
  | { readonly trouble: "no-feature" | "properties" | "floor" | "name" | "no-geometry" }
  | { readonly trouble: "kind"; readonly given: unknown }
  | { readonly trouble: "shape"; readonly kind: PlanKind; readonly allowed: readonly string[] }
  | { readonly trouble: "coordinates"; readonly geometry: GeometryTrouble };

const LINES = ["LineString", "MultiLineString"];
const POLYGONS = ["Polygon", "MultiPolygon"];

/** A plan's features, as far as its outermost form is right, else what is wrong with that. */
export function planFeatures(plan: unknown): readonly unknown[] | CollectionTrouble {
  if (!isObject(plan) || plan.type !== "FeatureCollection") return { trouble: "no-collection" };
  const { features } = plan;
  if (!Array.isArray(features)) return { trouble: "no-features" };
  return features.length > PLAN_FEATURES_MAX ? { trouble: "too-many-features", count: features.length } : features;
}

/** Whether {@link planFeatures} found trouble. */
export function isTrouble(found: readonly unknown[] | CollectionTrouble): found is CollectionTrouble {
  return !Array.isArray(found);
}

/** The first thing that is wrong with a value that should be a plan's feature, or null. */
export function featureTrouble(feature: unknown, findCrossings: FindCrossings): FeatureTrouble | null {
  if (!isObject(feature) || feature.type !== "Feature") return { trouble: "no-feature" };
  const { properties, geometry } = feature;
  if (!isObject(properties)) return { trouble: "properties" };
  const { kind, floor, name } = properties;
  if (!isKind(kind)) return { trouble: "kind", given: kind };
  if (!isFloor(floor)) return { trouble: "floor" };
  if (name !== undefined && (typeof name !== "string" || name.length > PLAN_NAME_LENGTH_MAX))
    return { trouble: "name" };
  return shapeTrouble(kind, geometry, findCrossings);
}

function shapeTrouble(kind: PlanKind, geometry: unknown, findCrossings: FindCrossings): FeatureTrouble | null {
  if (!isObject(geometry)) return { trouble: "no-geometry" };
  const { type, coordinates } = geometry;
  const allowed = LINE_KINDS.has(kind) ? [...LINES, ...POLYGONS] : POLYGONS;
  if (!allowed.includes(type as string)) return { trouble: "shape", kind, allowed };
  const trouble = geometryTrouble(type as string, coordinates, findCrossings);
  return trouble === null ? null : { trouble: "coordinates", geometry: trouble };
}

function isFloor(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= FLOOR_MIN && (value as number) <= FLOOR_MAX;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKind(value: unknown): value is PlanKind {
  return (PLAN_KINDS as readonly unknown[]).includes(value);
}
