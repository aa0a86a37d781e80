import { expect, it } from "vitest";
import { en } from "../language/en.ts";
import { clockText, zoneText } from "../window/zoned-time.ts";
import { scaleLength, scaleText } from "./scale.ts";
import { ageText } from "./wording.ts";

it("finds a round length that fits", () => {
  expect(scaleLength(0.1, 110)).toEqual({ lengthM: 10, widthPx: 100 });
  expect(scaleLength(0.05, 110)).toEqual({ lengthM: 5, widthPx: 100 });
  expect(scaleLength(2_000, 110)).toEqual({ lengthM: 200_000, widthPx: 100 });
  expect([0.2, 1, 50, 1_000, 200_000].map(scaleText)).toEqual(["20 cm", "1 m", "50 m", "1 km", "200 km"]);
});

it("says ages and times as one would", () => {
  expect([0, 59_400, 99_000, 101_000, 540_000].map((ms) => ageText(ms, en))).toEqual([
    "0 s",
    "59 s",
    "99 s",
    "2 min",
    "9 min",
  ]);
  const winterMs = Date.UTC(2024, 0, 15, 22, 5, 9);
  expect(clockText(winterMs, "Europe/Berlin", "de")).toBe("23:05:09");
  expect(zoneText(winterMs, "Europe/Berlin", "en")).toBe("CET");
  expect(clockText(winterMs, "Nowhere/Atlantis", "en")).toBe("22:05:09");
  expect(zoneText(winterMs, "Nowhere/Atlantis", "en")).toBe("UTC");
});
