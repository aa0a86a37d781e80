import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { LABEL_FONT, SOFT_LABEL_FONT } from "../plan/plan-layers.ts";
import type { Palette } from "../theme/palette.ts";

export const ARCHIVE_SOURCE = "archive";

/** Layers of the Protomaps basemap schema that are drawn. */
export const KNOWN_LAYERS: readonly string[] = [
  "earth",
  "landuse",
  "water",
  "roads",
  "buildings",
  "boundaries",
  "places",
];

const source = ARCHIVE_SOURCE;
/** What a feature is; older archives have it under another name. */
const KIND: ExpressionSpecification = ["coalesce", ["get", "kind"], ["get", "pmap:kind"], ""];

/** Pictures, as they are. */
export function rasterLayers(): LayerSpecification[] {
  return [{ id: "archive-raster", type: "raster", source, paint: { "raster-fade-duration": 150 } }];
}

/**
 * A quiet map of streets in the plan's colours, without pictures or glyphs to fetch.
 * @param held the layers that the archive has: an engine takes a layer over nothing for a mistake
 */
export function vectorLayers(palette: Palette, held: readonly string[] = KNOWN_LAYERS): LayerSpecification[] {
  const layers = [...grounds(palette), ...roads(palette), ...boundaries(palette), ...places(palette)];
  return layers.filter((layer) => "source-layer" in layer && held.includes(layer["source-layer"] ?? ""));
}

function ofKinds(...kinds: string[]): ExpressionSpecification {
  return ["in", KIND, ["literal", kinds]];
}

const GREEN = [
  "park",
  "forest",
  "wood",
  "grass",
  "grassland",
  "meadow",
  "nature_reserve",
  "garden",
  "cemetery",
  "pitch",
];

function grounds(palette: Palette): LayerSpecification[] {
  const fill = (name: string, layer: string, colour: string, filter?: ExpressionSpecification): LayerSpecification => ({
    id: `archive-${name}`,
    type: "fill",
    source,
    "source-layer": layer,
    ...(filter === undefined ? {} : { filter }),
    paint: { "fill-color": colour },
  });
  const areas: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
  return [
    fill("earth", "earth", palette.land, areas),
    fill("green", "landuse", palette.green, ["all", areas, ofKinds(...GREEN)]),
    fill("water", "water", palette.sea, areas),
    {
      id: "archive-river",
      type: "line",
      source,
      "source-layer": "water",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": palette.sea, "line-width": widths(8, 0.5, 18, 8) },
    },
    { ...fill("building", "buildings", palette.building, areas), minzoom: 14 } as LayerSpecification,
  ];
}

/** Grows with the zoom as things do on the screen, from a width to another. */
function widths(zoom: number, widthPx: number, farZoom: number, farWidthPx: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.6], ["zoom"], zoom, widthPx, farZoom, farWidthPx];
}

function roads(palette: Palette): LayerSpecification[] {
  const road = (name: string, minzoom: number, width: ExpressionSpecification, ...kinds: string[]) =>
    ({
      id: `archive-road-${name}`,
      type: "line",
      source,
      "source-layer": "roads",
      minzoom,
      filter: ofKinds(...kinds),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": palette.road, "line-width": width },
    }) satisfies LayerSpecification;
  return [
    road("path", 15, widths(15, 0.6, 20, 3), "path", "other"),
    road("minor", 12, widths(12, 0.4, 20, 26), "minor_road"),
    road("major", 8, widths(8, 0.5, 20, 38), "major_road", "medium_road"),
    road("highway", 5, widths(5, 0.5, 20, 48), "highway"),
    {
      id: "archive-rail",
      type: "line",
      source,
      "source-layer": "roads",
      minzoom: 12,
      filter: ofKinds("rail"),
      paint: { "line-color": palette.border, "line-width": 1, "line-dasharray": [4, 3] },
    },
  ];
}

function boundaries(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "archive-boundary",
      type: "line",
      source,
      "source-layer": "boundaries",
      layout: { "line-join": "round" },
      paint: { "line-color": palette.border, "line-width": 1, "line-opacity": ["case", ofKinds("country"), 1, 0.5] },
    },
  ];
}

/** Countries have their names from elsewhere, in the page's own language. */
function places(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "archive-street-names",
      type: "symbol",
      source,
      "source-layer": "roads",
      minzoom: 15,
      filter: ["has", "name"],
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": SOFT_LABEL_FONT,
        "text-size": 11,
      },
      paint: { "text-color": palette["label-soft"], "text-halo-color": palette["label-halo"], "text-halo-width": 1 },
    },
    {
      id: "archive-places",
      type: "symbol",
      source,
      "source-layer": "places",
      minzoom: 4,
      maxzoom: 17,
      filter: ["all", ["has", "name"], ["!", ofKinds("country", "region")]],
      layout: {
        "text-field": ["get", "name"],
        "text-font": LABEL_FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 4, 10.5, 14, 14],
        "text-max-width": 8,
        "text-padding": 6,
        "symbol-sort-key": ["-", 0, ["coalesce", ["get", "population_rank"], ["get", "pmap:population_rank"], 0]],
      },
      paint: { "text-color": palette.label, "text-halo-color": palette["label-halo"], "text-halo-width": 1.2 },
    },
  ];
}
