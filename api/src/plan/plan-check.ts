import { LINE_KINDS, PLAN_KINDS, type PlanKind } from "@encounter/core/wire/plan";
import type { Breather } from "../breather.ts";
import { geometryTrouble } from "./plan-geometry.ts";

const FEATURES_MAX = 20_000;
const NAME_LENGTH_MAX = 200;
const FLOOR_MIN = -100;
const FLOOR_MAX = 1_000;

const LINES = ["LineString", "MultiLineString"];
const POLYGONS = ["Polygon", "MultiPolygon"];

/** What is wrong with a value that should be a floor plan (where, and what to do), or null where nothing is. */
export async function planTrouble(plan: unknown, breather: Breather): Promise<string | null> {
  if (!isObject(plan) || plan.type !== "FeatureCollection") {
    return 'a floor plan must be GeoJSON: {"type":"FeatureCollection","features":[...]}';
  }
  const { features } = plan;
  if (!Array.isArray(features)) return "features must be an array";
  if (features.length > FEATURES_MAX) return `features must be at most ${FEATURES_MAX}, not ${features.length}`;
  for (const [index, feature] of features.entries()) {
    await breather.pause();
    const trouble = featureTrouble(feature);
    if (trouble !== null) return `features[${index}]${trouble}`;
  }
  return null;
}

function featureTrouble(feature: unknown): string | null {
  if (!isObject(feature) || feature.type !== "Feature") return ' must be {"type":"Feature",...}';
  const { properties, geometry } = feature;
  if (!isObject(properties)) return ".properties must be an object with kind and floor";
  const { kind, floor, name } = properties;
  if (!isKind(kind)) return `.properties.kind must be one of ${PLAN_KINDS.join(", ")}`;
  if (!Number.isInteger(floor) || (floor as number) < FLOOR_MIN || (floor as number) > FLOOR_MAX) {
    return `.properties.floor must be a whole number between ${FLOOR_MIN} and ${FLOOR_MAX}`;
  }
  if (name !== undefined && (typeof name !== "string" || name.length > NAME_LENGTH_MAX)) {
    return `.properties.name must be a text of at most ${NAME_LENGTH_MAX} characters`;
  }
  if (!isObject(geometry)) return ".geometry must be an object";
  const types = LINE_KINDS.has(kind) ? [...LINES, ...POLYGONS] : POLYGONS;
  if (!types.includes(geometry.type as string)) return `.geometry.type of a ${kind} must be one of ${types.join(", ")}`;
  const trouble = geometryTrouble(geometry.type as string, geometry.coordinates);
  return trouble === null ? null : `.geometry.coordinates${trouble}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKind(value: unknown): value is PlanKind {
  return (PLAN_KINDS as readonly unknown[]).includes(value);
}
