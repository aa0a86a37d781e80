import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { expect, it } from "vitest";
import { pictureLayers } from "../scene/picture.ts";
import type { Palette } from "../theme/palette.ts";
import { ARCHIVE_SOURCE, KNOWN_LAYERS, rasterLayers, vectorLayers } from "./archive-layers.ts";
import { ownBase } from "./world-layers.ts";

const palette = new Proxy({} as Palette, { get: () => "#123456" });

it.each([
  ["vector", vectorLayers(palette)],
  ["raster", rasterLayers()],
] as const)("layers of a %s archive are a valid style without glyphs or sprites", (type, layers) => {
  const source = { type, url: "pmtiles://base" } as const;
  const style = { ...ownBase(palette), sources: { [ARCHIVE_SOURCE]: source }, layers: [...layers] };
  expect(validateStyleMin(style).map(({ message }) => message)).toEqual([]);
  expect(JSON.stringify(layers)).not.toMatch(/https?:|glyphs|sprite/);
});

it("draws every layer that it knows, and none else", () => {
  const drawn = vectorLayers(palette).map((layer) => ("source-layer" in layer ? layer["source-layer"] : ""));
  expect([...new Set(drawn)].sort()).toEqual([...KNOWN_LAYERS].sort());
});

it("lies over the outline of the world and beneath its names and the plan", () => {
  const names = pictureLayers(palette, 52, true, vectorLayers(palette)).map(({ id }) => id);
  const order = ["world-border", "archive-earth", "archive-places", "country-labels", "plan-floor"];
  expect(order.map((name) => names.indexOf(name))).toEqual(
    [...order.map((name) => names.indexOf(name))].sort((a, b) => a - b),
  );
  expect(new Set(names).size).toBe(names.length);
});
