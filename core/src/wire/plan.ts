import Type from "typebox";
import { FLOOR_MAX, FLOOR_MIN, PLAN_KINDS, PLAN_NAME_LENGTH_MAX } from "../domain/plan.ts";

/** What each feature of a plan says of itself. Further members are kept. */
export const PlanProperties = Type.Object({
  kind: Type.Union(PLAN_KINDS.map((kind) => Type.Literal(kind))),
  floor: Type.Integer({ minimum: FLOOR_MIN, maximum: FLOOR_MAX }),
  name: Type.Optional(Type.String({ maxLength: PLAN_NAME_LENGTH_MAX })),
});
export type PlanProperties = Type.Static<typeof PlanProperties>;

const Position = Type.Array(Type.Number(), { minItems: 2, maxItems: 3, description: "longitude, latitude" });
const Line = Type.Array(Position, { minItems: 2 });
const Ring = Type.Array(Position, { minItems: 4, description: "closed: its last position is its first" });

/** Where a feature is: lines for walls and doors alone. */
export const PlanGeometry = Type.Union([
  Type.Object({ type: Type.Literal("Polygon"), coordinates: Type.Array(Ring, { minItems: 1 }) }),
  Type.Object({ type: Type.Literal("MultiPolygon"), coordinates: Type.Array(Type.Array(Ring, { minItems: 1 })) }),
  Type.Object({ type: Type.Literal("LineString"), coordinates: Line }),
  Type.Object({ type: Type.Literal("MultiLineString"), coordinates: Type.Array(Line) }),
]);
export type PlanGeometry = Type.Static<typeof PlanGeometry>;

/** A piece of a floor plan. */
export const PlanFeature = Type.Object({
  type: Type.Literal("Feature"),
  properties: PlanProperties,
  geometry: PlanGeometry,
});
export type PlanFeature = Type.Static<typeof PlanFeature>;

/** A venue's floor plan, GeoJSON. */
export const Plan = Type.Object({ type: Type.Literal("FeatureCollection"), features: Type.Array(PlanFeature) });
export type Plan = Type.Static<typeof Plan>;
