import { describe, expect, it } from "vitest";
import { histogramPaths, ticksOf } from "./histogram.ts";

describe("the histogram under the slider", () => {
  const span = { fromMinute: 100, toMinute: 160 };

  it("has a bar where anything happened, as high as it was much", () => {
    const activity = {
      from: 90 * 60_000,
      step_minutes: 10,
      first_minute: 90,
      newest_minute: 150,
      fixes: [0, 50, 100, 1],
      pairs: [0, 0, 0, 0],
    };
    const { fixes, pairs } = histogramPaths(activity, span);
    expect(fixes).toBe("M0.00 100v-50.0h8.60v50.0zM10.00 100v-100.0h8.60v100.0zM20.00 100v-4.0h8.60v4.0z");
    expect(pairs).toBe("");
  });

  it("has round times beneath it, by the venue's clock", () => {
    expect(ticksOf({ fromMinute: 1_430, toMinute: 1_490 }, 0, 4)).toEqual([
      { minute: 1_440, midnight: true },
      { minute: 1_455, midnight: false },
      { minute: 1_470, midnight: false },
      { minute: 1_485, midnight: false },
    ]);
    expect(ticksOf({ fromMinute: 0, toMinute: 100 }, 345, 2)).toEqual([
      { minute: 15, midnight: false },
      { minute: 75, midnight: false },
    ]);
  });
});
