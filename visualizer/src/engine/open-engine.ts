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

/** Has the open engine loaded while the page still finds out what to show: it is most of what a first view waits for. */
export function loadEngineAhead(): void {
  // Whoever opens the map loads it again, and is told where that fails.
  import("./maplibre-engine.ts").catch(() => {});
}
