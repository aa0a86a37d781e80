import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { LABEL_FONT } from "../plan/plan-layers.ts";
import type { Palette } from "../theme/palette.ts";

export const TRAIL_SOURCE = "trails";
export const HEAT_SOURCE = "heat";
export const CLUSTER_SOURCE = "clusters";

/** What lies beneath the devices: heat, then trails. */
export function groundLayers(palette: Palette): LayerSpecification[] {
  const stop = (part: number, colour: string) => [part, colour];
  return [
    {
      id: "heat",
      type: "heatmap",
      source: HEAT_SOURCE,
      paint: {
        "heatmap-weight": ["get", "weight"],
        "heatmap-radius": ["interpolate", ["exponential", 2], ["zoom"], 15, 6, 20, 42, 22, 90],
        "heatmap-intensity": 0.8,
        "heatmap-opacity": 0.6,
        "heatmap-color": [
          "interpolate",
          ["linear"],
          ["heatmap-density"],
          ...stop(0, "rgba(0,0,0,0)"),
          ...stop(0.15, palette.device),
          ...stop(0.55, palette.near),
          ...stop(1, palette.contact),
        ] as unknown as ExpressionSpecification,
      },
    },
    {
      id: "trails",
      type: "line",
      source: TRAIL_SOURCE,
      layout: { "line-join": "round", "line-cap": "round" },
      paint: {
        "line-color": ["case", ["get", "selected"], palette.selected, palette.device],
        "line-width": ["case", ["get", "selected"], 2.5, 1.5],
        "line-opacity": ["case", ["get", "selected"], 0.9, 0.4],
      },
    },
  ];
}

/** What lies above the devices: discs with counts. */
export function clusterLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "cluster-discs",
      type: "circle",
      source: CLUSTER_SOURCE,
      paint: {
        "circle-radius": ["get", "radiusPx"],
        "circle-color": [
          "interpolate",
          ["linear"],
          ["get", "share"],
          0,
          palette.device,
          0.5,
          palette.near,
          1,
          palette.contact,
        ],
        "circle-stroke-color": palette.casing,
        "circle-stroke-width": 2,
        "circle-opacity": 0.94,
      },
    },
    {
      id: "cluster-counts",
      type: "symbol",
      source: CLUSTER_SOURCE,
      layout: {
        "text-field": ["get", "count"],
        "text-font": LABEL_FONT,
        "text-size": 12,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": palette.casing },
    },
  ];
}
