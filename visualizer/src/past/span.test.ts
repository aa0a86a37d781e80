import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketMinutes, nextSpan, SPANS, spanFor } from "./span.ts";

describe("what the slider covers", () => {
  it("ends with the present while that shows what one looks at", () => {
    expect(spanFor(60, 1_000, 9_000, null)).toEqual({ fromMinute: 8_940, toMinute: 9_000 });
    expect(spanFor(60, 1_000, 9_000, 8_950)).toEqual({ fromMinute: 8_940, toMinute: 9_000 });
    expect(spanFor(60, 1_000, 9_000, 5_000)).toEqual({ fromMinute: 4_970, toMinute: 5_030 });
    expect(spanFor(0, 1_000, 9_000, 5_000)).toEqual({ fromMinute: 1_000, toMinute: 9_000 });
    expect(spanFor(1_440, 8_999, 9_000, null)).toEqual({ fromMinute: 8_990, toMinute: 9_000 });
  });

  it("stays while what one looks at is in it, and goes along where it leaves", () => {
    const before = { fromMinute: 4_970, toMinute: 5_030 };
    expect(nextSpan(before, 60, 1_000, 9_000, 5_029)).toBe(before);
    expect(nextSpan(before, 60, 1_000, 9_000, 5_031)).toEqual({ fromMinute: 5_001, toMinute: 5_061 });
    expect(nextSpan(before, 60, 1_000, 9_000, null)).toEqual({ fromMinute: 8_940, toMinute: 9_000 });
    expect(nextSpan(before, 360, 1_000, 9_000, 5_000)).toEqual({ fromMinute: 4_820, toMinute: 5_180 });
  });

  it("always shows what one looks at, and never more buckets than there are pixels for", () => {
    const minute = fc.integer({ min: 0, max: 30_000 });
    fc.assert(
      fc.property(fc.constantFrom(...SPANS), minute, minute, minute, (choice, a, b, c) => {
        const [first = 0, shown = 0, newest = 0] = [a, b, c].sort((x, y) => x - y);
        const span = spanFor(choice, first, newest, shown);
        expect(span.fromMinute).toBeLessThanOrEqual(shown);
        expect(span.toMinute).toBeGreaterThanOrEqual(shown);
        expect((span.toMinute - span.fromMinute) / bucketMinutes(span)).toBeLessThanOrEqual(240);
      }),
    );
  });
});
