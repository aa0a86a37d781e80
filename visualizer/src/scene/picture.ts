import type { MapAnchor } from "@encounter/core/wire/live";
import type { LayerSpecification } from "maplibre-gl";
import type { Base } from "../base/base.ts";
import { graticule } from "../base/grids.ts";
import {
  COUNTRY_LABEL_SOURCE,
  GRATICULE_SOURCE,
  GRID_SOURCE,
  gridLayer,
  NOTHING,
  VENUE_SOURCE,
  venueLayers,
  WORLD_SOURCE,
  worldLayers,
} from "../base/world-layers.ts";
import type { Drawing, Picture } from "../engine/engine.ts";
import { CLUSTER_SOURCE, clusterLayers, groundLayers, HEAT_SOURCE, TRAIL_SOURCE } from "../layers/layer-styles.ts";
import { PLAN_SOURCE, planLayers, ROOM_LABEL_SOURCE } from "../plan/plan-layers.ts";
import type { Palette } from "../theme/palette.ts";

/** Layers above the devices, from below. */
export function upperLayers(palette: Palette): LayerSpecification[] {
  return [...clusterLayers(palette), ...venueLayers(palette)];
}

/**
 * Layers beneath the devices, from the ground up.
 * @param ownWorld whether the world is ours to draw, or the base brings one
 * @param baseLayers what lies over the world, but for its names
 */
export function pictureLayers(
  palette: Palette,
  latitude: number,
  ownWorld: boolean,
  baseLayers: readonly LayerSpecification[] = [],
): LayerSpecification[] {
  const world = ownWorld ? worldLayers(palette) : [];
  return [
    ...world.filter(({ type }) => type !== "symbol"),
    ...baseLayers,
    ...world.filter(({ type }) => type === "symbol"),
    gridLayer(palette),
    ...planLayers(palette, latitude),
    ...groundLayers(palette),
  ];
}

/** The whole picture, still empty of a venue. */
export function picture(
  palette: Palette,
  anchor: MapAnchor,
  { ownWorld, layers }: Pick<Base, "ownWorld" | "layers">,
  drawing: Drawing,
): Picture {
  return {
    sources: {
      [WORLD_SOURCE]: NOTHING,
      [COUNTRY_LABEL_SOURCE]: NOTHING,
      [GRATICULE_SOURCE]: ownWorld ? graticule() : NOTHING,
      [GRID_SOURCE]: NOTHING,
      [PLAN_SOURCE]: NOTHING,
      [ROOM_LABEL_SOURCE]: NOTHING,
      [VENUE_SOURCE]: NOTHING,
      [HEAT_SOURCE]: NOTHING,
      [TRAIL_SOURCE]: NOTHING,
      [CLUSTER_SOURCE]: NOTHING,
    },
    layers: pictureLayers(palette, anchor.latitude, ownWorld, layers(palette)),
    drawing,
    above: upperLayers(palette),
  };
}
