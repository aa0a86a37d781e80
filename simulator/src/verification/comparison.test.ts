import { describe, expect, test } from "vitest";
import type { FoundContact } from "./brute-force.ts";
import { accuracyOf, differenceOf } from "./comparison.ts";

function contact(b: number, startMinute: number, endMinute: number, certainMinutes = 0): FoundContact {
  return { a: 0, b, startMinute, endMinute, certainMinutes };
}

describe("comparing contacts", () => {
  test("equal means pair, start, end and certain minutes, in any order", () => {
    const some = [contact(1, 10, 15), contact(2, 10, 20, 3)];
    expect(differenceOf(some, [...some].reverse())).toMatchObject({ expected: 2, found: 2, missing: [], surplus: [] });
    expect(differenceOf(some, [some[0]!]).missing).toEqual([some[1]]);
    expect(differenceOf([some[0]!], some).surplus).toEqual([some[1]]);
    const other = contact(2, 10, 20, 4);
    expect(differenceOf(some, [some[0]!, other])).toMatchObject({ missing: [some[1]], surplus: [other] });
  });

  test("precision and recall go by pairs that overlap, and by single minutes", () => {
    const truth = [contact(1, 10, 20), contact(2, 10, 20), contact(3, 0, 10)];
    const found = [contact(1, 15, 25), contact(3, 10, 20), contact(4, 0, 5)];
    const { precision, recall, minutePrecision, minuteRecall } = accuracyOf(found, truth);
    expect(precision).toBeCloseTo(1 / 3);
    expect(recall).toBeCloseTo(1 / 3);
    expect(minutePrecision).toBeCloseTo(5 / 25);
    expect(minuteRecall).toBeCloseTo(5 / 30);
  });

  test("there is no share of nothing", () => {
    expect(accuracyOf([], [])).toEqual({ precision: null, recall: null, minutePrecision: null, minuteRecall: null });
    expect(accuracyOf([contact(1, 0, 5)], [])).toMatchObject({ precision: 0, recall: null });
  });
});
