import { expect, it } from "vitest";
import { rgba, rgbaText } from "./palette.ts";

it("reads colours as a style sheet or a build writes them", () => {
  expect(rgbaText("#ff8000")).toBe("rgba(255,128,0,1)");
  expect(rgbaText("#ff800080")).toBe("rgba(255,128,0,0.502)");
  expect(rgbaText("#f00")).toBe("rgba(255,0,0,1)");
  expect(rgbaText("#f008")).toBe("rgba(255,0,0,0.533)");
});

it("gives them to the graphics card as numbers", () => {
  expect(rgba(rgbaText("#ff003380"))).toEqual([1, 0, 0.2, 0.502]);
});
