import type { EngineOptions, MapEngine } from "./engine.ts";

/** Loads the engine that the configuration asks for, and that one alone, and opens a map with it. */
export async function openEngine(options: EngineOptions, mapboxToken: string | undefined): Promise<MapEngine> {
  if (mapboxToken !== undefined && mapboxToken !== "") {
    const { openMapbox } = await import("./mapbox-engine.ts");
    return openMapbox(options, mapboxToken);
  }
  const { openMapLibre } = await import("./maplibre-engine.ts");
  return openMapLibre(options);
}
