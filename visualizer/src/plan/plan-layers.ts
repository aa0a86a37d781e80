import type { PlanKind } from "@encounter/core/domain/plan";
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "../theme/palette.ts";

export const PLAN_SOURCE = "plan";
export const ROOM_LABEL_SOURCE = "room-labels";

/** The first family is there for its weight alone: the engines read it from the name and fall through to the next. */
export const LABEL_FONT = ["Label Semibold", "Inter Variable"];
export const SOFT_LABEL_FONT = ["Label Medium", "Inter Variable"];

const EQUATOR_M = 40_075_016.686;
const TILE_PX = 512;
const HIGHEST_ZOOM = 24;

/**
 * A line of a true width: so many metres at a latitude, but never thinner than `leastPx`. Width doubles with every
 * level, which is what an exponential interpolation of base 2 does from the level on where it is `leastPx`.
 */
export function trueWidth(widthM: number, latitude: number, leastPx: number): ExpressionSpecification {
  const pxAtZoom0 = (widthM * TILE_PX) / (EQUATOR_M * Math.cos((latitude * Math.PI) / 180));
  const fromZoom = Math.max(0, Math.log2(leastPx / pxAtZoom0));
  return [
    "interpolate",
    ["exponential", 2],
    ["zoom"],
    fromZoom,
    pxAtZoom0 * 2 ** fromZoom,
    HIGHEST_ZOOM,
    pxAtZoom0 * 2 ** HIGHEST_ZOOM,
  ];
}

function ofKind(kind: PlanKind, shape: "area" | "line"): ["all", ...ExpressionSpecification[]] {
  return ["all", ["==", ["get", "kind"], kind], ["==", ["get", "shape"], shape]];
}

/** Rises from nothing to `full` over a level of zoom. */
function fadeIn(zoom: number, full = 1): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], zoom, 0, zoom + 1, full];
}

const WALL_M = 0.14;
const OUTER_EDGE_M = 0.12;
const DOOR_GAP_M = 0.24;
const DOOR_LEAF_M = 0.06;
const SHADOW_STEPS_PX = [2, 4, 6, 9, 12];
const PLAN_ZOOM = 13;
const DETAIL_ZOOM = 17.5;

function grounds(palette: Palette, latitude: number): LayerSpecification[] {
  const source = PLAN_SOURCE;
  return [
    // A soft edge in steps: a blurred line would be torn at every corner.
    ...SHADOW_STEPS_PX.map(
      (step): LayerSpecification => ({
        id: `plan-shadow-${step}`,
        type: "fill",
        source,
        minzoom: DETAIL_ZOOM - 2,
        filter: ofKind("floor", "area"),
        paint: {
          "fill-color": palette.shadow,
          "fill-translate": [0, step],
          "fill-opacity": fadeIn(DETAIL_ZOOM - 2),
        },
      }),
    ),
    {
      id: "plan-floor",
      type: "fill",
      source,
      minzoom: PLAN_ZOOM,
      filter: ofKind("floor", "area"),
      paint: { "fill-color": palette.floor, "fill-opacity": fadeIn(PLAN_ZOOM) },
    },
    {
      id: "plan-room",
      type: "fill",
      source,
      minzoom: PLAN_ZOOM,
      filter: ofKind("room", "area"),
      paint: { "fill-color": palette.room, "fill-opacity": fadeIn(PLAN_ZOOM) },
    },
    {
      id: "plan-zone",
      type: "fill",
      source,
      minzoom: PLAN_ZOOM + 2,
      filter: ofKind("zone", "area"),
      paint: { "fill-color": palette.zone, "fill-opacity": fadeIn(PLAN_ZOOM + 2) },
    },
    {
      id: "plan-zone-edge",
      type: "line",
      source,
      minzoom: PLAN_ZOOM + 3,
      filter: ofKind("zone", "area"),
      paint: { "line-color": palette["zone-edge"], "line-width": 1, "line-dasharray": [3, 3] },
    },
    {
      id: "plan-room-edge",
      type: "line",
      source,
      minzoom: PLAN_ZOOM + 2,
      filter: ofKind("room", "area"),
      paint: { "line-color": palette["room-edge"], "line-width": 1, "line-opacity": fadeIn(PLAN_ZOOM + 2) },
    },
    {
      id: "plan-floor-edge",
      type: "line",
      source,
      minzoom: PLAN_ZOOM,
      filter: ofKind("floor", "area"),
      layout: { "line-join": "round" },
      paint: { "line-color": palette["floor-edge"], "line-width": trueWidth(OUTER_EDGE_M, latitude, 1.25) },
    },
  ];
}

function furniture(palette: Palette): LayerSpecification[] {
  const source = PLAN_SOURCE;
  const filter = ofKind("furniture", "area");
  return [
    {
      id: "plan-furniture",
      type: "fill",
      source,
      minzoom: DETAIL_ZOOM - 1,
      filter,
      paint: { "fill-color": palette.furniture, "fill-opacity": fadeIn(DETAIL_ZOOM - 1) },
    },
    {
      id: "plan-furniture-edge",
      type: "line",
      source,
      minzoom: DETAIL_ZOOM,
      filter,
      layout: { "line-join": "round" },
      paint: {
        "line-color": palette["furniture-edge"],
        "line-width": 1,
        "line-opacity": fadeIn(DETAIL_ZOOM),
      },
    },
  ];
}

function walls(palette: Palette, latitude: number): LayerSpecification[] {
  const source = PLAN_SOURCE;
  return [
    {
      // Walls stand on the floor: they throw a little shadow.
      id: "plan-wall-shadow",
      type: "line",
      source,
      minzoom: DETAIL_ZOOM - 1,
      filter: ofKind("wall", "line"),
      layout: { "line-join": "round" },
      paint: {
        "line-color": palette["wall-shadow"],
        "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 17, 4, 21, 16],
        "line-blur": ["interpolate", ["exponential", 1.6], ["zoom"], 17, 4, 21, 14],
        "line-translate": [0, 2],
        "line-opacity": fadeIn(DETAIL_ZOOM - 1),
      },
    },
    {
      id: "plan-wall-area",
      type: "fill",
      source,
      minzoom: PLAN_ZOOM + 1,
      filter: ofKind("wall", "area"),
      paint: { "fill-color": palette.wall, "fill-opacity": fadeIn(PLAN_ZOOM + 1) },
    },
    {
      id: "plan-wall",
      type: "line",
      source,
      minzoom: PLAN_ZOOM + 1,
      filter: ofKind("wall", "line"),
      layout: { "line-cap": "square", "line-join": "miter" },
      paint: {
        "line-color": palette.wall,
        "line-width": trueWidth(WALL_M, latitude, 1),
        "line-opacity": fadeIn(PLAN_ZOOM + 1),
      },
    },
    {
      id: "plan-door-gap",
      type: "line",
      source,
      minzoom: DETAIL_ZOOM - 1.5,
      filter: ofKind("door", "line"),
      paint: { "line-color": palette.floor, "line-width": trueWidth(DOOR_GAP_M, latitude, 2) },
    },
    {
      id: "plan-door",
      type: "line",
      source,
      minzoom: DETAIL_ZOOM - 1.5,
      filter: ofKind("door", "line"),
      paint: { "line-color": palette.door, "line-width": trueWidth(DOOR_LEAF_M, latitude, 1) },
    },
    {
      id: "plan-door-area",
      type: "fill",
      source,
      minzoom: DETAIL_ZOOM - 1.5,
      filter: ofKind("door", "area"),
      paint: { "fill-color": palette.floor, "fill-outline-color": palette.door },
    },
  ];
}

function labels(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "room-labels",
      type: "symbol",
      source: ROOM_LABEL_SOURCE,
      layout: {
        "text-field": ["get", "name"],
        "text-font": LABEL_FONT,
        "text-size": ["get", "sizePx"],
        "text-max-width": 40,
        "text-padding": 2,
        "text-letter-spacing": 0.01,
        "symbol-sort-key": ["-", 0, ["get", "areaM2"]],
      },
      paint: {
        "text-color": ["case", ["==", ["get", "kind"], "room"], palette.label, palette["label-soft"]],
        "text-halo-color": palette["label-halo"],
        "text-halo-width": 1.5,
        "text-opacity": ["case", ["get", "crowded"], 0.45, 1],
      },
    },
  ];
}

/**
 * The style layers of a floor plan, from the ground up, for the sources {@link PLAN_SOURCE} and
 * {@link ROOM_LABEL_SOURCE}.
 * @param latitude where the venue is: walls and doors have true widths
 */
export function planLayers(palette: Palette, latitude: number): LayerSpecification[] {
  return [...grounds(palette, latitude), ...furniture(palette), ...walls(palette, latitude), ...labels(palette)];
}
