import { expect, it } from "vitest";
import { findZones } from "./time-zones.ts";

const WINTER_MS = Date.UTC(2026, 0, 15);

it("finds time zones by any part of their name, what begins with it first", () => {
  expect(findZones("berlin", WINTER_MS).choices).toEqual([{ name: "Europe/Berlin", offset: "UTC+01:00" }]);
  expect(findZones("new york", WINTER_MS).choices[0]).toEqual({ name: "America/New_York", offset: "UTC−05:00" });
  expect(findZones("utc", WINTER_MS).choices[0]).toEqual({ name: "UTC", offset: "UTC" });
  expect(findZones("nowhere", WINTER_MS)).toEqual({ choices: [], count: 0 });
});

it("shows only so many at once, and says how many there are", () => {
  const { choices, count } = findZones("", WINTER_MS);
  expect(choices).toHaveLength(60);
  expect(count).toBeGreaterThan(300);
});
