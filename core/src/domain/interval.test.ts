import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lengthMinutes, overlaps, runsOf } from "./interval.ts";

const minutes = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 });

/** The meaning of a run, said minute by minute. */
function runsByDefinition(set: ReadonlySet<number>): [number, number][] {
  const runs: [number, number][] = [];
  for (const minute of [...set].sort((a, b) => a - b)) {
    if (set.has(minute - 1)) continue;
    let end = minute;
    while (set.has(end)) end++;
    runs.push([minute, end]);
  }
  return runs;
}

describe("runsOf", () => {
  test("finds the maximal runs of consecutive minutes", () => {
    expect(runsOf([3, 4, 5, 7])).toEqual([
      { startMinute: 3, endMinute: 6 },
      { startMinute: 7, endMinute: 8 },
    ]);
    expect(runsOf([])).toEqual([]);
    expect(runsOf([0])).toEqual([{ startMinute: 0, endMinute: 1 }]);
  });

  test("a late minute joins two runs into one", () => {
    expect(runsOf([1, 2, 4, 5])).toHaveLength(2);
    expect(runsOf([1, 2, 4, 5, 3])).toEqual([{ startMinute: 1, endMinute: 6 }]);
  });

  test("depends on neither order nor repetition", () => {
    fc.assert(
      fc.property(minutes, fc.array(fc.nat()), (history, shuffle) => {
        const expected = runsByDefinition(new Set(history)).map(([startMinute, endMinute]) => ({
          startMinute,
          endMinute,
        }));
        const disordered = history.map((minute, i) => ({ minute, key: shuffle[i % (shuffle.length || 1)] ?? 0 }));
        disordered.sort((a, b) => a.key - b.key);
        const doubled = disordered.flatMap(({ minute }, i) => (i % 3 === 0 ? [minute, minute] : [minute]));
        expect(runsOf(history)).toEqual(expected);
        expect(runsOf(doubled)).toEqual(expected);
      }),
    );
  });

  test("merging two histories is the runs of their union, whichever comes first", () => {
    fc.assert(
      fc.property(minutes, minutes, (a, b) => {
        expect(runsOf([...a, ...b])).toEqual(runsOf([...b, ...a, ...a]));
      }),
    );
  });
});

test("a run overlaps a half-open window", () => {
  const run = { startMinute: 10, endMinute: 12 };
  expect(lengthMinutes(run)).toBe(2);
  expect(overlaps(run, 0, 600_000)).toBe(false);
  expect(overlaps(run, 0, 600_001)).toBe(true);
  expect(overlaps(run, 720_000, 900_000)).toBe(false);
  expect(overlaps(run, 719_999, 900_000)).toBe(true);
});
