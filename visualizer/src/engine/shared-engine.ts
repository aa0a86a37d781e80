import type { FeatureCollection } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type {
  Bounds,
  Camera,
  DrawingView,
  EngineListener,
  EngineOptions,
  MapEngine,
  Padding,
  Picture,
  PointerPlace,
} from "./engine.ts";

/** An event of either library, as far as it is looked at. */
interface SharedEvent {
  readonly lngLat: { readonly lng: number; readonly lat: number };
  readonly point: { readonly x: number; readonly y: number };
  readonly originalEvent?: unknown;
  readonly error?: { readonly message: string };
  /** Of an event about a source, or about a tile of it. */
  readonly sourceId?: string;
  readonly tile?: unknown;
}

interface SharedCamera {
  center?: [number, number];
  zoom?: number;
  bearing?: number;
}

/** What both libraries call the same. */
export interface SharedMap {
  on(event: string, listener: (event: SharedEvent) => void): unknown;
  once(event: string, listener: () => void): unknown;
  isStyleLoaded(): boolean | undefined;
  addSource(id: string, source: unknown): unknown;
  getSource(id: string): unknown;
  addLayer(layer: unknown): unknown;
  getLayer(id: string): unknown;
  setPaintProperty(layer: string, name: string, value: unknown): unknown;
  triggerRepaint(): void;
  isMoving(): boolean;
  getCenter(): { readonly lng: number; readonly lat: number };
  getZoom(): number;
  getBearing(): number;
  jumpTo(camera: SharedCamera): unknown;
  easeTo(camera: SharedCamera & { duration?: number }): unknown;
  fitBounds(bounds: [number, number, number, number], options: object): unknown;
  project(place: [number, number]): { readonly x: number; readonly y: number };
  getCanvas(): HTMLCanvasElement;
  getContainer(): HTMLElement;
  resize(): unknown;
  remove(): void;
}

/** What the two libraries do differently. */
export interface Differences {
  readonly kind: MapEngine["kind"];
  /** The matrix in what a custom layer's `render` is given after the context. */
  matrixOf(argument: unknown): ArrayLike<number>;
}

const DRAWING = "devices";
const CLOSEST_FIT_ZOOM = 21;
const FIT_MS = 600;
/** So many tiles in a row that fail, before any came, are no accident. */
const FAILED_TILES = 3;

/** Camera options that both libraries take at the start: no tilt, for a plan is read from above. */
export const SHARED_MAP_OPTIONS = {
  maxZoom: 23.5,
  minZoom: 0.5,
  maxPitch: 0,
  pitchWithRotate: false,
  touchPitch: false,
  // Fading in means drawing everything again and again, for counts that change every second.
  fadeDuration: 0,
} as const;

/** The {@link MapEngine} over a library's map. */
export class SharedEngine implements MapEngine {
  readonly kind: MapEngine["kind"];
  private readonly map: SharedMap;
  private readonly differences: Differences;
  private readonly listener: EngineListener;
  private picture: Picture | null = null;
  private isPictured = false;
  private readonly latestData = new Map<string, FeatureCollection>();
  /** Tiles of the base that failed; once one came, more that fail are a detail. */
  private failedTiles = 0;

  constructor(map: SharedMap, options: EngineOptions, differences: Differences) {
    this.map = map;
    this.kind = differences.kind;
    this.differences = differences;
    this.listener = options.listener;
    this.setTitle(options.title);
    this.listen();
  }

  show(picture: Picture): void {
    this.picture = picture;
    for (const [id, data] of Object.entries(picture.sources)) this.latestData.set(id, data);
    if (this.map.isStyleLoaded()) this.putPicture();
  }

  setData(source: string, data: FeatureCollection): void {
    this.latestData.set(source, data);
    (this.map.getSource(source) as { setData(data: FeatureCollection): unknown } | undefined)?.setData(data);
  }

  repaint(layers: readonly LayerSpecification[]): void {
    for (const layer of layers) {
      if (this.map.getLayer(layer.id) === undefined) continue;
      for (const [name, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, name, value);
    }
  }

  requestFrame(): void {
    this.map.triggerRepaint();
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter();
    return { longitude: lng, latitude: lat, zoom: this.map.getZoom(), bearing: this.map.getBearing() };
  }

  isMoving(): boolean {
    return this.map.isMoving();
  }

  jump(camera: Camera): void {
    this.map.jumpTo(sharedCamera(camera));
  }

  glide(camera: Partial<Camera>): void {
    this.map.easeTo({ ...sharedCamera({ ...this.camera(), ...camera }), duration: FIT_MS });
  }

  fit(bounds: Bounds, padding: Padding, smoothly: boolean): void {
    this.map.fitBounds([bounds.west, bounds.south, bounds.east, bounds.north], {
      padding,
      maxZoom: CLOSEST_FIT_ZOOM,
      duration: smoothly ? FIT_MS : 0,
      linear: true,
    });
  }

  zoomBy(levels: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + levels, duration: 250 });
  }

  project(longitude: number, latitude: number): { xPx: number; yPx: number } {
    const { x, y } = this.map.project([longitude, latitude]);
    return { xPx: x, yPx: y };
  }

  setTitle(title: string): void {
    this.map.getCanvas().setAttribute("aria-label", title);
  }

  setPointer(overDevice: boolean): void {
    this.map.getCanvas().style.cursor = overDevice ? "pointer" : "";
  }

  capture<Result>(take: (canvas: HTMLCanvasElement) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.map.once("render", () => {
        try {
          resolve(take(this.map.getCanvas()));
        } catch (error) {
          reject(error);
        }
      });
      this.map.triggerRepaint();
    });
  }

  destroy(): void {
    this.map.remove();
  }

  private listen(): void {
    const { map, listener } = this;
    // Also after a lost graphics context, when the library builds its style anew.
    map.on("style.load", () => this.putPicture());
    map.on("webglcontextrestored", () => this.putPicture());
    map.on("load", () => map.resize());
    map.on("move", () => listener.moved());
    map.on("moveend", (event) => listener.rested(event.originalEvent !== undefined));
    map.on("click", (event) => listener.clicked(pointerPlace(event)));
    map.on("mousemove", (event) => listener.hovered(pointerPlace(event)));
    map.on("mouseout", () => listener.hovered(null));
    map.on("error", (event) => this.report(event));
    map.on("sourcedata", ({ sourceId, tile }) => {
      if (tile !== undefined && this.isOfBase(sourceId)) this.failedTiles = Number.NEGATIVE_INFINITY;
    });
  }

  /** Trouble before there is a picture means that there will be none, and so does a base without tiles; else it is a detail. */
  private report({ error, sourceId, tile }: SharedEvent): void {
    const message = error?.message ?? "unknown";
    if (!this.isPictured) this.listener.failed(message);
    else if (this.isOfBase(sourceId) && this.isBaseGone(tile)) this.listener.failed(message);
    else console.warn("The map's engine reports:", message);
  }

  private isOfBase(sourceId: string | undefined): boolean {
    return sourceId !== undefined && !this.latestData.has(sourceId);
  }

  /** A source without its description has no tiles at all. */
  private isBaseGone(tile: unknown): boolean {
    this.failedTiles += tile === undefined ? FAILED_TILES : 1;
    return this.failedTiles >= FAILED_TILES;
  }

  private putPicture(): void {
    const { map, picture } = this;
    if (picture === null) return;
    this.isPictured = true;
    for (const [id, data] of this.latestData) {
      if (map.getSource(id) !== undefined) continue;
      map.addSource(id, { type: "geojson", data });
    }
    for (const layer of picture.layers) if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
    if (map.getLayer(DRAWING) === undefined) map.addLayer(this.drawingLayer(picture));
    for (const layer of picture.above) if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
    this.listener.pictured();
  }

  private drawingLayer(picture: Picture): object {
    const { map, differences } = this;
    const { drawing } = picture;
    return {
      id: DRAWING,
      type: "custom",
      renderingMode: "2d",
      onAdd: (_map: unknown, gl: WebGL2RenderingContext) => drawing.start(gl),
      onRemove: (_map: unknown, gl: WebGL2RenderingContext) => drawing.stop(gl),
      render: (gl: WebGL2RenderingContext, argument: unknown) => {
        if (drawing.draw(gl, this.view(differences.matrixOf(argument)))) map.triggerRepaint();
      },
    };
  }

  private view(worldToClip: ArrayLike<number>): DrawingView {
    const canvas = this.map.getCanvas();
    const { clientWidth: widthPx, clientHeight: heightPx } = canvas;
    return { worldToClip, zoom: this.map.getZoom(), widthPx, heightPx, pixelRatio: canvas.width / widthPx };
  }
}

function sharedCamera(camera: Camera): SharedCamera {
  return { center: [camera.longitude, camera.latitude], zoom: camera.zoom, bearing: camera.bearing };
}

function pointerPlace(event: SharedEvent): PointerPlace {
  return { longitude: event.lngLat.lng, latitude: event.lngLat.lat, xPx: event.point.x, yPx: event.point.y };
}
