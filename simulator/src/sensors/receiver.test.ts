import { distanceM } from "@encounter/core/domain/geodesy";
import { describe, expect, test } from "vitest";
import { Random } from "../world/random.ts";
import { parseAccuracy } from "./accuracy.ts";
import { Receiver } from "./receiver.ts";

const COUNT = 20_000;
const truth = { longitude: 8.55, latitude: 47.37, floor: 2 };

function errorsInRadii(inside: number, accuracy = "uniform:0.5,4"): number[] {
  const receiver = new Receiver(new Random(3), parseAccuracy(accuracy), inside);
  return Array.from({ length: COUNT }, () => {
    const { longitude, latitude, accuracyM } = receiver.measure(truth);
    return distanceM(longitude, latitude, truth.longitude, truth.latitude) / accuracyM;
  });
}

describe("a receiver", () => {
  test.each([0.5, 0.68, 0.95, 0.99])("holds the truth within its circle in a share of %d", (inside) => {
    const share = errorsInRadii(inside).filter((error) => error <= 1).length / COUNT;
    expect(Math.abs(share - inside)).toBeLessThan(0.01);
  });

  test("with a share of 1 is never outside, and even over the circle", () => {
    const errors = errorsInRadii(1);
    // Positions are rounded to about a millimetre.
    expect(Math.max(...errors)).toBeLessThan(1.003);
    expect(errors.filter((error) => error < Math.SQRT1_2).length / COUNT).toBeCloseTo(0.5, 1);
  });

  test("errs to all sides alike and knows its floor", () => {
    const receiver = new Receiver(new Random(3), parseAccuracy("fixed:2"), 0.95);
    const measured = Array.from({ length: COUNT }, () => receiver.measure(truth));
    const mean = (member: "longitude" | "latitude") => measured.reduce((sum, m) => sum + m[member], 0) / COUNT;
    expect(distanceM(mean("longitude"), mean("latitude"), truth.longitude, truth.latitude)).toBeLessThan(0.03);
    expect(new Set(measured.map(({ floor }) => floor))).toEqual(new Set([2]));
  });

  test("stays on the globe at the antimeridian", () => {
    const receiver = new Receiver(new Random(3), parseAccuracy("fixed:4"), 0.5);
    const measured = Array.from({ length: 1000 }, () => receiver.measure({ ...truth, longitude: 180 }).longitude);
    expect(measured.some((longitude) => longitude < 0)).toBe(true);
    expect(measured.filter((longitude) => Math.abs(longitude) > 180)).toEqual([]);
  });
});
