import type { CustomRenderMethodInput } from "maplibre-gl";
import { AttributionControl, Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { EngineOptions, MapEngine } from "./engine.ts";
import { SHARED_MAP_OPTIONS, SharedEngine, type SharedMap } from "./shared-engine.ts";

/** The open engine, the default. Text is drawn from the page's own fonts, since the style names no glyphs. */
export function openMapLibre(options: EngineOptions): MapEngine {
  setWorkerUrl(workerUrl);
  const { container, camera, base } = options;
  const map = new MapLibreMap({
    ...SHARED_MAP_OPTIONS,
    container,
    style: base,
    center: [camera.longitude, camera.latitude],
    zoom: camera.zoom,
    bearing: camera.bearing,
    attributionControl: false,
    validateStyle: typeof base === "string",
  });
  // Our own sources have nobody to name; a style from elsewhere brings its attribution with it.
  if (typeof base === "string" || Object.keys(base.sources).length > 0) {
    map.addControl(new AttributionControl({ compact: true }), "top-left");
  }
  return new SharedEngine(map as unknown as SharedMap, options, {
    kind: "maplibre",
    matrixOf: (argument) => (argument as CustomRenderMethodInput).defaultProjectionData.mainMatrix,
  });
}
