import { describe, expect, test } from "vitest";
import { Random } from "../world/random.ts";
import { BEST_ACCURACY_M, parseAccuracy } from "./accuracy.ts";

const COUNT = 20_000;

function draws(distribution: string, seed = 1): number[] {
  const [draw, random] = [parseAccuracy(distribution), new Random(seed)];
  return Array.from({ length: COUNT }, () => draw(random)).sort((a, b) => a - b);
}

const meanOf = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const quantile = (sorted: number[], share: number) => sorted[Math.floor(share * sorted.length)]!;

describe("accuracy distributions", () => {
  test("fixed is always the same", () => {
    expect(new Set(draws("fixed:2"))).toEqual(new Set([2]));
  });

  test("uniform is even between its ends", () => {
    const values = draws("uniform:0.5,4");
    expect(values[0]).toBeGreaterThanOrEqual(0.5);
    expect(values[COUNT - 1]).toBeLessThanOrEqual(4);
    for (const share of [0.25, 0.5, 0.75]) expect(quantile(values, share)).toBeCloseTo(0.5 + share * 3.5, 1);
  });

  test("normal has its mean and deviation", () => {
    const values = draws("normal:2,0.5");
    expect(meanOf(values)).toBeCloseTo(2, 1);
    expect(quantile(values, 0.841) - quantile(values, 0.5)).toBeCloseTo(0.5, 1);
  });

  test("lognormal has its median and its tail", () => {
    const values = draws("lognormal:1.2,0.4");
    expect(quantile(values, 0.5)).toBeCloseTo(1.2, 1);
    expect(quantile(values, 0.9772) / 1.2).toBeCloseTo(Math.exp(0.8), 1);
  });

  test("nothing is better than a receiver can be, and all is in centimetres", () => {
    const values = draws("normal:0,1");
    expect(values[0]).toBe(BEST_ACCURACY_M);
    for (const value of values) expect(Math.round(value * 100) / 100).toBe(value);
  });

  test("the same seed draws the same", () => {
    expect(draws("normal:2,0.7", 5)).toEqual(draws("normal:2,0.7", 5));
    expect(draws("normal:2,0.7", 5)).not.toEqual(draws("normal:2,0.7", 6));
  });

  test.each(["", "normal", "normal:2", "normal:2,x", "fixed:-1", "fixed:", "constructor:1,2", "uniform:1,2,3"])(
    "%j is refused with the forms that there are",
    (text) => {
      expect(() => parseAccuracy(text)).toThrow("fixed:METRES | uniform:FROM,TO");
    },
  );
});
