import type { FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { LABEL_FONT, SOFT_LABEL_FONT } from "../plan/plan-layers.ts";
import type { Palette } from "../theme/palette.ts";

export const WORLD_SOURCE = "world";
export const COUNTRY_LABEL_SOURCE = "country-labels";
export const GRATICULE_SOURCE = "graticule";
export const GRID_SOURCE = "grid";
export const VENUE_SOURCE = "venues";

/** From here on the map is about a venue: no coasts, but the ground it stands on. */
const WORLD_ENDS_ZOOM = 11;
/** From here on venues are plans with devices rather than points with a count. */
export const VENUES_END_ZOOM = 12;
const GRID_ZOOM = 17;

export const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** A base of our own: no sprites, no glyphs, no tiles, nothing that anybody else would be asked for. */
export function ownBase(palette: Palette): StyleSpecification {
  return { version: 8, sources: {}, layers: [backgroundLayer(palette)] };
}

/** Sea while far away, ground when near. */
function backgroundLayer(palette: Palette): LayerSpecification {
  return {
    id: "background",
    type: "background",
    paint: {
      "background-color": [
        "interpolate",
        ["linear"],
        ["zoom"],
        WORLD_ENDS_ZOOM - 2,
        palette.sea,
        WORLD_ENDS_ZOOM,
        palette.ground,
      ],
    },
  };
}

/** Land, borders, names and graticule. */
export function worldLayers(palette: Palette): LayerSpecification[] {
  const maxzoom = WORLD_ENDS_ZOOM;
  const leaving = (full: number) =>
    ["interpolate", ["linear"], ["zoom"], maxzoom - 2, full, maxzoom, 0] as unknown as number;
  return [
    backgroundLayer(palette),
    {
      id: "world-land",
      type: "fill",
      source: WORLD_SOURCE,
      maxzoom,
      paint: { "fill-color": palette.land, "fill-opacity": leaving(1), "fill-antialias": false },
    },
    {
      id: "world-graticule",
      type: "line",
      source: GRATICULE_SOURCE,
      maxzoom,
      paint: { "line-color": palette.grid, "line-width": 1, "line-opacity": leaving(1) },
    },
    {
      id: "world-border",
      type: "line",
      source: WORLD_SOURCE,
      maxzoom,
      layout: { "line-join": "round" },
      paint: { "line-color": palette.border, "line-width": 1, "line-opacity": leaving(1) },
    },
    {
      id: "country-labels",
      type: "symbol",
      source: COUNTRY_LABEL_SOURCE,
      minzoom: 2,
      maxzoom: 8,
      // In thousands of square kilometres: the small ones wait until there is room for them.
      filter: [">=", ["get", "size"], ["step", ["zoom"], 400, 3, 80, 4, 15, 5, 3, 6, 0]],
      layout: {
        "text-field": ["get", "name"],
        "text-font": SOFT_LABEL_FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 2, 9.5, 6, 13],
        "text-transform": "uppercase",
        "text-letter-spacing": 0.12,
        "text-max-width": 9,
        "text-padding": 8,
        "symbol-sort-key": ["-", 0, ["get", "size"]],
      },
      paint: { "text-color": palette["label-soft"], "text-opacity": 0.75 },
    },
  ];
}

/** The metre grid of the ground about a venue. */
export function gridLayer(palette: Palette): LayerSpecification {
  return {
    id: "ground-grid",
    type: "line",
    source: GRID_SOURCE,
    minzoom: GRID_ZOOM,
    paint: {
      "line-color": palette.grid,
      "line-width": 1,
      "line-opacity": ["interpolate", ["linear"], ["zoom"], GRID_ZOOM, 0, GRID_ZOOM + 1.5, 1],
    },
  };
}

/** Venues from afar: a disc with the number of devices, and the name beside it. */
export function venueLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "venue-discs",
      type: "circle",
      source: VENUE_SOURCE,
      maxzoom: VENUES_END_ZOOM,
      paint: {
        "circle-color": palette.device,
        "circle-radius": ["get", "radiusPx"],
        "circle-stroke-color": palette.casing,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "venue-counts",
      type: "symbol",
      source: VENUE_SOURCE,
      maxzoom: VENUES_END_ZOOM,
      layout: {
        "text-field": ["get", "count"],
        "text-font": LABEL_FONT,
        "text-size": 12,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": palette.casing },
    },
    {
      id: "venue-names",
      type: "symbol",
      source: VENUE_SOURCE,
      maxzoom: VENUES_END_ZOOM,
      layout: {
        "text-field": ["get", "name"],
        "text-font": LABEL_FONT,
        "text-size": 13,
        "text-anchor": "left",
        "text-justify": "left",
        "text-offset": ["get", "nameOffset"],
        "text-max-width": 14,
      },
      paint: { "text-color": palette.label, "text-halo-color": palette["label-halo"], "text-halo-width": 1.5 },
    },
  ];
}
