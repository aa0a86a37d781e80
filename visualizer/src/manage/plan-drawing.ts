import type { PlanKind } from "@encounter/core/domain/plan";
import type { Geometry, Position } from "geojson";
import type { Bounds } from "../engine/engine.ts";
import type { Plan } from "../plan/plan.ts";

/** A floor as paths of one kind each, and names; pixels from the top left. */
export interface FloorDrawing {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly paths: readonly { readonly look: string; readonly path: string }[];
  readonly names: readonly { readonly text: string; readonly xPx: number; readonly yPx: number }[];
  /** Where a place is in the drawing. */
  at(longitude: number, latitude: number): readonly [xPx: number, yPx: number];
}

/** From the ground up, as on the map. */
const ORDER: readonly PlanKind[] = ["floor", "room", "zone", "furniture", "wall", "door"];
const MARGIN_PX = 12;
const LETTER_PX = 6.4;
const LINE_PX = 15;

/** Draws a floor of a plan into a box; all floors of a plan get the same scale. */
export function drawFloor(plan: Plan, floor: number, widthPx: number, mostHeightPx: number): FloorDrawing {
  const { at, heightPx } = projection(plan.bounds!, widthPx, mostHeightPx);
  const features = plan.features.filter(({ properties }) => properties.floor === floor);
  const paths = ORDER.flatMap((kind) =>
    (["area", "line"] as const).map((shape) => {
      const own = features.filter(({ properties }) => properties.kind === kind && properties.shape === shape);
      return { look: `${kind}-${shape}`, path: own.map(({ geometry }) => pathOf(geometry, at)).join("") };
    }),
  ).filter(({ path }) => path !== "");
  const names = plan.rooms
    .filter((room) => room.floor === floor && room.kind === "room")
    .flatMap((room) => {
      const [west, north] = at(room.bounds.west, room.bounds.north);
      const [east, south] = at(room.bounds.east, room.bounds.south);
      const fits = east - west > room.name.length * LETTER_PX + 6 && south - north > LINE_PX;
      return fits ? [{ text: room.name, xPx: (west + east) / 2, yPx: (north + south) / 2 }] : [];
    });
  return { widthPx, heightPx, paths, names, at };
}

type At = FloorDrawing["at"];

/** Metres in proportion: a degree of longitude is shorter than one of latitude. */
function projection({ west, south, east, north }: Bounds, widthPx: number, mostHeightPx: number) {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const spanX = Math.max((east - west) * squeeze, 1e-7);
  const spanY = Math.max(north - south, 1e-7);
  const scale = Math.min((widthPx - 2 * MARGIN_PX) / spanX, (mostHeightPx - 2 * MARGIN_PX) / spanY);
  const heightPx = spanY * scale + 2 * MARGIN_PX;
  const left = (widthPx - spanX * scale) / 2;
  const at: At = (longitude, latitude) => [
    left + (longitude - west) * squeeze * scale,
    MARGIN_PX + (north - latitude) * scale,
  ];
  return { at, heightPx };
}

function pathOf(geometry: Geometry, at: At): string {
  switch (geometry.type) {
    case "LineString":
      return line(geometry.coordinates, at);
    case "MultiLineString":
      return geometry.coordinates.map((each) => line(each, at)).join("");
    case "Polygon":
      return geometry.coordinates.map((ring) => `${line(ring, at)}Z`).join("");
    case "MultiPolygon":
      return geometry.coordinates
        .flat()
        .map((ring) => `${line(ring, at)}Z`)
        .join("");
    default:
      return "";
  }
}

function line(positions: readonly Position[], at: At): string {
  const points = positions.map(([longitude, latitude]) => {
    const [x, y] = at(longitude!, latitude!);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
