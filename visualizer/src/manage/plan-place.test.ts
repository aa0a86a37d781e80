import { describe, expect, it } from "vitest";
import { farAway, middleOf, middleOfPlan } from "./plan-place.ts";

const berlin = { west: 13.4, south: 52.5, east: 13.401, north: 52.501 };
const there = { longitude: 13.4005, latitude: 52.5005 };

describe("a plan's place", () => {
  it("is right where the devices are, and a little beside", () => {
    expect(farAway(berlin, { ...there, by: "devices" })).toBeNull();
    expect(farAway(berlin, { ...there, latitude: 52.504, by: "devices" })).toBeNull();
  });

  it("is told by its distance where they are not", () => {
    const far = farAway(berlin, { longitude: 11.57, latitude: 48.14, by: "plan" })!;
    expect(far.distanceM / 1_000).toBeGreaterThan(495);
    expect(far.distanceM / 1_000).toBeLessThan(510);
    expect(far).toMatchObject({ swapped: false, by: "plan" });
  });

  it("is suspected to be swapped where that would bring it home", () => {
    const swapped = { west: 52.5, south: 13.4, east: 52.501, north: 13.401 };
    expect(farAway(swapped, { ...there, by: "devices" })).toMatchObject({ swapped: true });
  });

  it("is where most devices are, or the plan before", () => {
    const fixes = [there, there, { longitude: 0, latitude: 0 }];
    expect(middleOf(fixes)).toEqual({ ...there, by: "devices" });
    expect(middleOf([])).toBeNull();
    const { longitude, latitude } = middleOfPlan(berlin);
    expect(longitude).toBeCloseTo(there.longitude, 9);
    expect(latitude).toBeCloseTo(there.latitude, 9);
  });
});
