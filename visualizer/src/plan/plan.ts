import { PLAN_KINDS, type PlanKind } from "@encounter/core/domain/plan";
import { area, bbox, booleanPointInPolygon } from "@turf/turf";
import type { Feature, FeatureCollection, LineString, MultiLineString, MultiPolygon, Polygon } from "geojson";
import type { Bounds } from "../engine/engine.ts";

interface PlanProperties {
  readonly kind: PlanKind;
  readonly floor: number;
  /** How it is drawn: walls and doors may be lines, all else is areas. */
  readonly shape: "area" | "line";
  readonly name?: string;
}

type Area = Polygon | MultiPolygon;
type PlanFeature = Feature<Area | LineString | MultiLineString, PlanProperties>;

/** A part of a floor with a name, for saying where a device is. */
export interface Room {
  readonly name: string;
  readonly kind: "room" | "zone" | "furniture";
  readonly floor: number;
  readonly feature: Feature<Area, PlanProperties>;
  readonly areaM2: number;
  readonly bounds: Bounds;
}

/** A venue's floor plan, ready to be drawn and asked. */
export interface Plan {
  readonly features: readonly PlanFeature[];
  /** Floors that have any feature, the highest first. */
  readonly floors: readonly number[];
  /** What the plan calls its floors, if anything. */
  readonly floorNames: ReadonlyMap<number, string>;
  readonly bounds: Bounds | null;
  /** The smallest first, so that the first that holds a place is the one to name. */
  readonly rooms: readonly Room[];
  /** What stands in them and has a name. */
  readonly furniture: readonly Room[];
}

/** Reads a plan; features of unknown kind or form are left out, for the rest may still help. */
export function readPlan(collection: FeatureCollection): Plan {
  const features = collection.features.flatMap(readFeature);
  const floors = [...new Set(features.map((feature) => feature.properties.floor))].sort((a, b) => b - a);
  const floorNames = new Map<number, string>();
  for (const { properties } of features) {
    if (properties.kind === "floor" && properties.name) floorNames.set(properties.floor, properties.name);
  }
  const named = features.flatMap(readNamed).sort((a, b) => a.areaM2 - b.areaM2);
  const rooms = named.filter(({ kind }) => kind !== "furniture");
  const furniture = named.filter(({ kind }) => kind === "furniture");
  return { features, floors, floorNames, bounds: features.length > 0 ? boundsOf(features) : null, rooms, furniture };
}

/** The features of one floor, as a map source wants them. */
export function planOnFloor(plan: Plan | null, floor: number): FeatureCollection {
  const features = plan?.features.filter((feature) => feature.properties.floor === floor) ?? [];
  return { type: "FeatureCollection", features };
}

/** The smallest named room at a place, else the smallest named zone, else null. */
export function roomAt(plan: Plan | null, longitude: number, latitude: number, floor: number): string | null {
  let zone: string | null = null;
  for (const room of plan?.rooms ?? []) {
    if (room.floor !== floor || !within(room.bounds, longitude, latitude)) continue;
    if (room.kind === "zone" && zone !== null) continue;
    if (!booleanPointInPolygon([longitude, latitude], room.feature)) continue;
    if (room.kind === "room") return room.name;
    zone = room.name;
  }
  return zone;
}

/** The box around features. */
function boundsOf(features: readonly Feature[]): Bounds {
  const [west, south, east, north] = bbox({ type: "FeatureCollection", features: [...features] });
  return { west: west!, south: south!, east: east!, north: north! } as Bounds;
}

function within(bounds: Bounds, longitude: number, latitude: number): boolean {
  const { west, south, east, north } = bounds;
  return longitude >= west && longitude <= east && latitude >= south && latitude <= north;
}

function readFeature(feature: Feature): PlanFeature[] {
  const { kind, floor, name } = feature.properties ?? {};
  if (!PLAN_KINDS.includes(kind) || !Number.isInteger(floor) || feature.geometry === null) return [];
  const { type } = feature.geometry;
  const area = type === "Polygon" || type === "MultiPolygon";
  const line = type === "LineString" || type === "MultiLineString";
  if (!area && !(line && (kind === "wall" || kind === "door"))) return [];
  const shape = area ? "area" : "line";
  const named = typeof name === "string" && name !== "" ? { name } : {};
  const geometry = seamless(feature.geometry as PlanFeature["geometry"]);
  return [{ type: "Feature", geometry, properties: { kind, floor, shape, ...named } }];
}

/** A closed wall begins and ends in the middle of a stretch rather than in a corner, where the seam would show. */
function seamless(geometry: PlanFeature["geometry"]): PlanFeature["geometry"] {
  if (geometry.type !== "LineString") return geometry;
  const [first, second, ...rest] = geometry.coordinates;
  const last = rest.at(-1);
  if (!first || !second || !last || first[0] !== last[0] || first[1] !== last[1]) return geometry;
  const middle = [(first[0]! + second[0]!) / 2, (first[1]! + second[1]!) / 2];
  return { type: "LineString", coordinates: [middle, second, ...rest, middle] };
}

function readNamed(feature: PlanFeature): Room[] {
  const { kind, floor, name, shape: form } = feature.properties;
  if ((kind !== "room" && kind !== "zone" && kind !== "furniture") || name === undefined || form !== "area") return [];
  const shape = feature as Feature<Area, PlanProperties>;
  return [{ name, kind, floor, feature: shape, areaM2: area(shape), bounds: boundsOf([feature]) }];
}
