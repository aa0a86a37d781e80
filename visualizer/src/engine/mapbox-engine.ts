import { AttributionControl, Map as MapboxMap } from "mapbox-gl/esm";
import "mapbox-gl/dist/mapbox-gl.css";
import type { EngineOptions, MapEngine } from "./engine.ts";
import { SHARED_MAP_OPTIONS, SharedEngine, type SharedMap } from "./shared-engine.ts";

/** Text is drawn from the page's own fonts, but the library wants an address for glyphs before it draws any. */
const UNUSED_GLYPHS = "/unused/{fontstack}/{range}.pbf";

/** Mapbox's engine, for an operator with a token; its licence and its renderer demand one. */
export function openMapbox(options: EngineOptions, token: string): MapEngine {
  const { container, camera, base } = options;
  const map = new MapboxMap({
    ...SHARED_MAP_OPTIONS,
    container,
    accessToken: token,
    style: base as string,
    center: [camera.longitude, camera.latitude],
    zoom: camera.zoom,
    bearing: camera.bearing,
    projection: "mercator",
    localFontFamily: "'Inter Variable', sans-serif",
    performanceMetricsCollection: false,
    logoPosition: "top-left",
    attributionControl: false,
  });
  map.addControl(new AttributionControl({ compact: true }), "top-left");
  map.on("style.load", () => {
    if (map.getStyle()?.glyphs === undefined) map.setGlyphsUrl(UNUSED_GLYPHS);
  });
  return new SharedEngine(map as unknown as SharedMap, options, {
    kind: "mapbox",
    matrixOf: (argument) => argument as number[],
  });
}
