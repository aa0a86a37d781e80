import { describe, expect, it } from "vitest";
import { chooseBase } from "./base-choice.ts";

const dark = () => true;
const light = () => false;

describe("the base", () => {
  it("is our own where nothing is configured", () => {
    expect(chooseBase({}, dark)).toEqual({ kind: "own" });
    expect(chooseBase({ mapbox_token: "" }, dark)).toEqual({ kind: "own" });
  });

  it("is a style before an archive, and an archive before Mapbox's own", () => {
    const all = { style_url: "/style.json", pmtiles_url: "/v1/base.pmtiles", mapbox_token: "pk.x" };
    expect(chooseBase(all, dark)).toEqual({ kind: "style", url: "/style.json", token: "pk.x" });
    const { style_url: _, ...two } = all;
    expect(chooseBase(two, dark)).toEqual({ kind: "archive", url: "/v1/base.pmtiles" });
  });

  it("by Mapbox follows the theme, and asks for it only then", () => {
    const url = (isDark: () => boolean) => chooseBase({ mapbox_token: "pk.x" }, isDark);
    expect(url(dark)).toMatchObject({ url: "mapbox://styles/mapbox/dark-v11" });
    expect(url(light)).toMatchObject({ url: "mapbox://styles/mapbox/light-v11" });
    const asked = () => {
      throw new Error("asked");
    };
    expect(chooseBase({ style_url: "/style.json" }, asked)).toMatchObject({ kind: "style", token: undefined });
  });
});
