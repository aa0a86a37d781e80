import { expect, it } from "vitest";
import { FramePace } from "./frame-pace.ts";

function run(pace: FramePace, fromMs: number, everyMs: number, frames: number, gliding = true): number {
  let nowMs = fromMs;
  for (let i = 0; i < frames; i++) {
    nowMs += everyMs;
    pace.frame(nowMs, gliding);
  }
  return nowMs;
}

it("stops showing movement where frames are slow, and tries again later", () => {
  const pace = new FramePace();
  run(pace, 0, 16, 100);
  expect(pace.tooSlow).toBe(false);
  const nowMs = run(pace, 2_000, 120, 8);
  expect(pace.tooSlow).toBe(true);
  run(pace, nowMs + 21_000, 16, 1);
  expect(pace.tooSlow).toBe(false);
});

it("does not mind pauses between movements", () => {
  const pace = new FramePace();
  run(pace, 0, 500, 50, false);
  expect(pace.tooSlow).toBe(false);
});
