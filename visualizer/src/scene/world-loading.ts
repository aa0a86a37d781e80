import { COUNTRY_LABEL_SOURCE, WORLD_SOURCE } from "../base/world-layers.ts";
import type { MapEngine } from "../engine/engine.ts";
import { loadFontFor } from "../theme/fonts.ts";

/** From here on down one sees countries. */
const WORLD_ZOOM = 11.5;

/** Fetches the world when somebody looks at it, and not before: most look at a building. */
export class WorldLoading {
  private engine: MapEngine | null = null;
  private wanted = false;
  private language = "en";
  private loaded = "";

  /** @param wanted whether the world is ours to draw */
  start(engine: MapEngine, wanted: boolean): void {
    this.engine = engine;
    this.wanted = wanted;
    this.loaded = "";
    this.look(engine);
  }

  /** Names countries in a language. */
  speak(language: string): void {
    this.language = language;
    if (this.loaded !== "" && this.engine !== null) void this.load(this.engine);
  }

  look(engine: MapEngine): void {
    if (this.wanted && engine.camera().zoom < WORLD_ZOOM) void this.load(engine);
  }

  private async load(engine: MapEngine): Promise<void> {
    const { language } = this;
    if (this.loaded === language) return;
    this.loaded = language;
    try {
      await this.draw(engine, language);
    } catch (error) {
      // A map of a venue does without; the next look asks again.
      console.warn("The world could not be loaded", error);
      this.loaded = "";
    }
  }

  private async draw(engine: MapEngine, language: string): Promise<void> {
    const { loadWorld } = await import("../base/world.ts");
    const { countries, labels } = await loadWorld(language);
    await loadFontFor(labels.features.map(({ properties }) => String(properties?.name).toUpperCase()).join(""));
    if (this.engine !== engine || this.loaded !== language) return;
    engine.setData(WORLD_SOURCE, countries);
    engine.setData(COUNTRY_LABEL_SOURCE, labels);
  }
}
