/** Kinds of a floor plan's features. */
export const PLAN_KINDS = ["floor", "room", "wall", "door", "furniture", "zone"] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

/** Kinds that may be lines; all may be polygons. */
export const LINE_KINDS: ReadonlySet<PlanKind> = new Set<PlanKind>(["wall", "door"]);

/** Most bytes of a plan, as JSON. */
export const PLAN_BYTES_MAX = 8 * 1_048_576;
/** Most features of a plan. */
export const PLAN_FEATURES_MAX = 20_000;
/** Most positions of one feature: looking for crossings takes the square of it. */
export const PLAN_POSITIONS_MAX = 1_000;
/** Longest name of a feature, UTF-16 units. */
export const PLAN_NAME_LENGTH_MAX = 200;
/** Storeys that a feature, or a fix, may be on. */
export const FLOOR_MIN = -100;
export const FLOOR_MAX = 1_000;
