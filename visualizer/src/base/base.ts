import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Palette } from "../theme/palette.ts";

/** A base, ready to be put beneath the picture. */
export interface Base {
  readonly style: string | StyleSpecification;
  /** Mapbox's, where its engine is to draw. */
  readonly token: string | undefined;
  /** Whether the outline of the world is ours to draw. An archive may hold a town alone: the rest is still there. */
  readonly ownWorld: boolean;
  /** Layers of ours over the outline, for sources that the style has; they change with the theme. */
  layers(palette: Palette): readonly LayerSpecification[];
}
