import { describe, expect, it } from "vitest";
import { DrawPace } from "./draw-pace.ts";

/** A page whose clock a test turns. */
function page() {
  const clock = { nowMs: 1_000 };
  const waiting: (() => void)[] = [];
  const pace = new DrawPace(
    () => clock.nowMs,
    (then) => waiting.push(then),
  );
  const draw = (tookMs: number) => {
    pace.begin();
    clock.nowMs += tookMs;
    for (const then of waiting.splice(0)) then();
  };
  return { clock, pace, draw };
}

describe("the pace of drawing", () => {
  it("lets new data be drawn at once where that is quick", () => {
    const { pace, draw } = page();
    expect(pace.restMs()).toBe(0);
    draw(20);
    expect(pace.restMs()).toBe(0);
  });

  it("leaves the page as much time for all else as drawing took", () => {
    const { clock, pace, draw } = page();
    draw(500);
    expect(pace.restMs()).toBe(500);
    clock.nowMs += 400;
    expect(pace.restMs()).toBe(100);
    clock.nowMs += 400;
    expect(pace.restMs()).toBe(0);
  });

  it("counts all that is drawn for the same change", () => {
    const { clock, pace, draw } = page();
    draw(300);
    clock.nowMs += 100;
    draw(300);
    expect(pace.restMs()).toBe(500);
  });

  it("never lets the picture grow old for long", () => {
    const { clock, pace, draw } = page();
    draw(60_000);
    expect(pace.restMs()).toBe(2_500);
    clock.nowMs += 2_500;
    draw(10);
    expect(pace.restMs()).toBe(0);
  });
});
