import type { Feature, FeatureCollection, Position } from "geojson";
import { LocalFrame } from "./local-frame.ts";
import {
  areaOf,
  boundsOf,
  cornersOf,
  type Plan,
  type PlanShape,
  type Point,
  SHAPE_KINDS,
  type ShapeKind,
} from "./plan.ts";

/** A plan placed on the globe: the frame's anchor is the plan's origin. */
export interface PlacedPlan {
  readonly plan: Plan;
  readonly frame: LocalFrame;
}

/** A copy of a plan elsewhere on the site, with its rooms' names told apart. */
export interface Copy {
  readonly eastM: number;
  readonly northM: number;
  /** Put before every name but those of furniture, which nobody asks for; may be empty. */
  readonly prefix: string;
}

/** A plan, once for every copy, as the GeoJSON that the operators' door takes. */
export function toGeoJson({ plan, frame }: PlacedPlan, copies: readonly Copy[]): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: copies.flatMap((copy) => plan.map((shape) => toFeature(shape, frame, copy))),
  };
}

function toFeature(shape: PlanShape, frame: LocalFrame, copy: Copy): Feature {
  const place = ([xM, yM]: Point): Position => [frame.longitudeAt(xM + copy.eastM), frame.latitudeAt(yM + copy.northM)];
  const closed = shape.rings.map((ring) => [...ring, ring[0]!].map(place));
  return {
    type: "Feature",
    properties: {
      kind: shape.kind,
      floor: shape.floor,
      ...(shape.name === undefined
        ? {}
        : { name: shape.kind === "furniture" ? shape.name : `${copy.prefix}${shape.name}` }),
    },
    geometry:
      shape.form === "polygon"
        ? { type: "Polygon", coordinates: closed }
        : { type: "LineString", coordinates: shape.rings[0]!.map(place) },
  };
}

/**
 * Reads a plan in the contract's form, or with the kinds `space` and `obstruction` of floor plans that know no rooms.
 * Features of other kinds and points are passed over.
 * @throws RangeError where it is no GeoJSON FeatureCollection or nothing of it can be used
 */
export function fromGeoJson(json: unknown): PlacedPlan {
  const features = featuresOf(json).flatMap(toParts);
  if (features.length === 0) throw new RangeError("it has no floor, room, wall, door, furniture, space or obstruction");
  const frame = frameFor(features);
  const shapes = features.map((feature) => toShape(feature, frame)).filter((shape) => shape !== null);
  return { plan: [...missingFloors(shapes), ...shapes], frame };
}

/** A polygon or line of a feature, still in degrees. */
interface Part {
  readonly properties: Record<string, unknown>;
  readonly form: "polygon" | "line";
  readonly rings: readonly (readonly Position[])[];
}

function featuresOf(json: unknown): Feature[] {
  const collection = json as Partial<FeatureCollection> | null;
  if (collection?.type !== "FeatureCollection" || !Array.isArray(collection.features)) {
    throw new RangeError("it is not a GeoJSON FeatureCollection");
  }
  return collection.features;
}

function toParts({ geometry, properties }: Feature): Part[] {
  const part = (form: Part["form"], rings: Part["rings"]): Part => ({ properties: properties ?? {}, form, rings });
  switch (geometry?.type) {
    case "Polygon":
      return [part("polygon", geometry.coordinates)];
    case "MultiPolygon":
      return geometry.coordinates.map((rings) => part("polygon", rings));
    case "LineString":
      return [part("line", [geometry.coordinates])];
    case "MultiLineString":
      return geometry.coordinates.map((line) => part("line", [line]));
    default:
      return [];
  }
}

function frameFor(parts: readonly Part[]): LocalFrame {
  const positions = parts.flatMap((part) => part.rings.flat());
  const middle = (member: 0 | 1) => {
    const values = positions.map((position) => Number(position[member]));
    return (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  };
  const [longitude, latitude] = [middle(0), middle(1)];
  if (!Number.isFinite(longitude) || !(Math.abs(latitude) <= 85))
    throw new RangeError("its coordinates are not degrees");
  return new LocalFrame(longitude, latitude);
}

function toShape({ properties, form, rings }: Part, frame: LocalFrame): PlanShape | null {
  const inMetres = rings.map((ring) => {
    const open = form === "polygon" ? ring.slice(0, -1) : ring;
    return open.map((position): Point => [frame.xAt(position[0]!), frame.yAt(position[1]!)]);
  });
  const floor = Number.isInteger(properties.floor) ? (properties.floor as number) : 0;
  const name = typeof properties.name === "string" ? { name: properties.name } : {};
  const shape: PlanShape = { kind: "zone", floor, ...name, form, rings: inMetres };
  const kind = properties.kind;
  if (kind === "obstruction") return { ...shape, kind: "wall" };
  if (kind === "space") return fromSpace(shape, properties.layer);
  return SHAPE_KINDS.includes(kind as ShapeKind) ? { ...shape, kind: kind as ShapeKind } : null;
}

/** A space too small to be a room, square metres. */
const ROOM_M2 = 12;

/** What a `space` is meant as: a chair, a table, or a room. */
function fromSpace(shape: PlanShape, layer: unknown): PlanShape {
  const areaM2 = areaOf(shape);
  if (areaM2 >= ROOM_M2) return { ...shape, kind: "zone" };
  const isChair = /chair|seat/i.test(String(layer)) && areaM2 < 1;
  return { ...shape, kind: "furniture", name: shape.name ?? (isChair ? "Chair" : "Table") };
}

/** A storey without an outline of its own gets the box round everything on it. */
function missingFloors(shapes: readonly PlanShape[]): PlanShape[] {
  const known = new Set(shapes.filter((shape) => shape.kind === "floor").map((shape) => shape.floor));
  return [...new Set(shapes.map((shape) => shape.floor))]
    .filter((floor) => !known.has(floor))
    .map((floor) => {
      const outline = cornersOf(boundsOf(shapes.filter((shape) => shape.floor === floor)));
      return { kind: "floor", floor, form: "polygon", rings: [outline] };
    });
}
