import { createExpression, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import { NOTHING, ownBase } from "../base/world-layers.ts";
import { pictureLayers } from "../scene/picture.ts";
import type { Palette } from "../theme/palette.ts";
import { trueWidth } from "./plan-layers.ts";

const palette = new Proxy({} as Palette, { get: () => "#123456" });

describe("the picture's layers", () => {
  it.each([true, false])(
    "are a valid style without a glyph, a sprite or a tile to fetch (own world: %s)",
    (ownWorld) => {
      const layers = pictureLayers(palette, 52, ownWorld);
      const names = layers.flatMap((layer) => ("source" in layer ? [layer.source as string] : []));
      const sources = Object.fromEntries(names.map((name) => [name, { type: "geojson" as const, data: NOTHING }]));
      const style = { ...ownBase(palette), sources, layers };
      expect(validateStyleMin(style).map(({ message }) => message)).toEqual([]);
      expect(JSON.stringify(style)).not.toMatch(/https?:|glyphs|sprite/);
    },
  );

  it("have names of their own", () => {
    const names = pictureLayers(palette, 52, true).map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a true width", () => {
  const metresPerPx = (zoom: number, latitude: number) =>
    (40_075_016.686 * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom);

  it.each([0, 52, -70])("is so many metres at every zoom, and never too thin to see, at %s degrees", (latitude) => {
    const compiled = createExpression(trueWidth(0.5, latitude, 1), "layers[0].paint.line-width");
    if (compiled.result === "error") throw new Error(compiled.value[0]!.message);
    for (let zoom = 12; zoom <= 23; zoom += 0.5) {
      const widthPx = compiled.value.evaluate({ zoom });
      expect(widthPx).toBeCloseTo(Math.max(1, 0.5 / metresPerPx(zoom, latitude)), 3);
    }
  });
});
