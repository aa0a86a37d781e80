import { describe, expect, test } from "vitest";
import { inFrames, RecentlyAccepted } from "./recently-accepted.ts";

describe("what was accepted lately", () => {
  test("is what is not older than the newest by more than is kept, in its order", () => {
    const recent = new RecentlyAccepted<string>(100);
    for (const [item, timeMs] of [
      ["a", 0],
      ["b", 50],
      ["late", 20],
      ["c", 120],
    ] as const)
      recent.add(item, timeMs);
    expect(recent.recent()).toEqual(["b", "late", "c"]);
  });

  test("stays bounded however long it goes on, in time and in number", () => {
    const recent = new RecentlyAccepted<number>(100, 10);
    for (let i = 0; i < 10_000; i++) recent.add(i, i);
    expect(recent.recent()).toEqual([9990, 9991, 9992, 9993, 9994, 9995, 9996, 9997, 9998, 9999]);
    const slow = new RecentlyAccepted<number>(100);
    for (let i = 0; i < 10_000; i++) slow.add(i, i);
    expect(slow.recent().length).toBe(101);
  });

  test("is told in frames of at most so many", () => {
    expect(inFrames([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(inFrames([], 2)).toEqual([]);
  });
});
