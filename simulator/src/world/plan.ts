/** A point of a plan in metres east and north of the plan's origin. */
export type Point = readonly [xM: number, yM: number];

/** What a shape of a plan is; the contract's kinds. */
export const SHAPE_KINDS = ["floor", "room", "wall", "door", "furniture", "zone"] as const;
export type ShapeKind = (typeof SHAPE_KINDS)[number];

/** One shape of a floor plan. */
export interface PlanShape {
  readonly kind: ShapeKind;
  /** Storey. */
  readonly floor: number;
  readonly name?: string;
  /** `polygon`: an outline and its holes, not closed by a repeated first point. `line`: one open line. */
  readonly form: "polygon" | "line";
  readonly rings: readonly (readonly Point[])[];
}

/** A floor plan: shapes in metres about an origin that somebody else places on the globe. */
export type Plan = readonly PlanShape[];

/** The bounds of points, metres. */
export interface Box {
  readonly westM: number;
  readonly southM: number;
  readonly eastM: number;
  readonly northM: number;
}

/** The smallest box around shapes. */
export function boundsOf(shapes: Iterable<PlanShape>): Box {
  let [westM, southM, eastM, northM] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (const [xM, yM] of shape.rings.flat()) {
      westM = Math.min(westM, xM);
      eastM = Math.max(eastM, xM);
      southM = Math.min(southM, yM);
      northM = Math.max(northM, yM);
    }
  }
  return { westM, southM, eastM, northM };
}

/** The corners of a box, counterclockwise from the south-west. */
export function cornersOf({ westM, southM, eastM, northM }: Box): Point[] {
  const along = (yM: number): Point[] => [westM, eastM].map((xM) => [xM, yM]);
  return [...along(southM), ...along(northM).reverse()];
}

/** The storeys of a plan, lowest first. */
export function floorsOf(plan: Plan): number[] {
  return [...new Set(plan.map((shape) => shape.floor))].sort((a, b) => a - b);
}

/** Every edge of a shape; a polygon's last edge leads back to its first point. */
export function* edgesOf(shape: PlanShape): Generator<readonly [Point, Point]> {
  for (const ring of shape.rings) {
    for (let i = 0; i + 1 < ring.length; i++) yield [ring[i]!, ring[i + 1]!];
    if (shape.form === "polygon" && ring.length > 2) yield [ring[ring.length - 1]!, ring[0]!];
  }
}

/** Area of a polygon less its holes, square metres; 0 for a line. */
export function areaOf(shape: PlanShape): number {
  if (shape.form === "line") return 0;
  const areas = shape.rings.map((ring) => Math.abs(signedArea(ring)));
  return areas.reduce((rest, hole) => rest - hole, 2 * (areas[0] ?? 0));
}

/** Area of a ring, square metres: positive where it runs counterclockwise. */
function signedArea(ring: readonly Point[]): number {
  let sum = 0;
  ring.forEach(([xM, yM], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    sum += xM * nextY - nextX * yM;
  });
  return sum / 2;
}

/** The mean of an outline's corners: inside for the rectangles and chairs that it is used for. */
export function middleOf(shape: PlanShape): Point {
  const outline = shape.rings[0] ?? [];
  const sum = outline.reduce<[number, number]>(([x, y], [xM, yM]) => [x + xM, y + yM], [0, 0]);
  return [sum[0] / outline.length, sum[1] / outline.length];
}

/** Whether a point lies inside a polygon (even-odd, so holes are outside). */
export function contains(shape: PlanShape, [xM, yM]: Point): boolean {
  if (shape.form === "line") return false;
  let inside = false;
  for (const [[ax, ay], [bx, by]] of edgesOf(shape)) {
    if (ay > yM !== by > yM && xM < ax + ((yM - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
