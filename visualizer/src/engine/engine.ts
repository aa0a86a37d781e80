import type { FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

/** Where the map looks: degrees, zoom in 512 px tiles, bearing clockwise from north. The map is never tilted. */
export interface Camera {
  readonly longitude: number;
  readonly latitude: number;
  readonly zoom: number;
  readonly bearing: number;
}

export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** A place the pointer is at; pixels are CSS pixels from the map's top left. */
export interface PointerPlace {
  readonly longitude: number;
  readonly latitude: number;
  readonly xPx: number;
  readonly yPx: number;
}

/** What a {@link Drawing} is given to draw a frame with. Pixels are CSS pixels. */
export interface DrawingView {
  /** Column-major 4 x 4, from Mercator's unit square (x east, y south) to clip space, in double precision. */
  readonly worldToClip: ArrayLike<number>;
  readonly zoom: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelRatio: number;
}

/** Something that draws itself with WebGL 2 above the style's layers. It leaves no vertex array bound. */
export interface Drawing {
  start(gl: WebGL2RenderingContext): void;
  /** @returns whether the next frame will look different, so that it should be drawn too */
  draw(gl: WebGL2RenderingContext, view: DrawingView): boolean;
  stop(gl: WebGL2RenderingContext): void;
}

/** All that a map shows: GeoJSON sources, the style layers over them, and the drawing between the two stacks of layers. */
export interface Picture {
  readonly sources: Readonly<Record<string, FeatureCollection>>;
  readonly layers: readonly LayerSpecification[];
  readonly drawing: Drawing;
  /** Layers above the drawing. */
  readonly above: readonly LayerSpecification[];
}

export interface EngineListener {
  /** The camera moved, whoever moved it. */
  moved(): void;
  /** The camera came to rest. @param byHand whether the user moved it */
  rested(byHand: boolean): void;
  clicked(place: PointerPlace): void;
  /** @param place null where the pointer left the map */
  hovered(place: PointerPlace | null): void;
  /** The base is there, and the picture over it. */
  pictured(): void;
  /** Nothing can be shown, for the reason that the engine gives; or nothing of a base that looked well at first. */
  failed(message: string): void;
}

export interface EngineOptions {
  readonly container: HTMLElement;
  readonly camera: Camera;
  /** The style beneath the picture: an address, or a style itself. */
  readonly base: string | StyleSpecification;
  readonly listener: EngineListener;
  /** Names the map for those who cannot see it. */
  readonly title: string;
}

/** The map library, whichever it is. */
export interface MapEngine {
  readonly kind: "maplibre" | "mapbox";
  /** Puts the picture on the map, once the base is there. */
  show(picture: Picture): void;
  setData(source: string, data: FeatureCollection): void;
  /** Takes over the paint of layers that the picture has; for a change of theme. */
  repaint(layers: readonly LayerSpecification[]): void;
  /** Asks for a frame, since the drawing changed. */
  requestFrame(): void;
  camera(): Camera;
  /** Whether the camera is on its way. */
  isMoving(): boolean;
  jump(camera: Camera): void;
  glide(camera: Partial<Camera>): void;
  fit(bounds: Bounds, padding: Padding, smoothly: boolean): void;
  zoomBy(levels: number): void;
  /** CSS pixels from the map's top left. */
  project(longitude: number, latitude: number): { xPx: number; yPx: number };
  setTitle(title: string): void;
  setPointer(overDevice: boolean): void;
  /** Gives the canvas to somebody in the turn in which it was drawn: later there may be nothing left on it. */
  capture<Result>(take: (canvas: HTMLCanvasElement) => Result): Promise<Result>;
  destroy(): void;
}
