import { expect, it } from "vitest";
import { ServerClock } from "./server-clock.ts";

it("goes by the frame that came fastest", () => {
  const clock = new ServerClock();
  expect(clock.at(1_000)).toBe(1_000);
  clock.learn(5_000, 1_300);
  clock.learn(6_000, 2_050);
  clock.learn(7_000, 3_900);
  expect(clock.at(4_000)).toBe(7_950);
  clock.forget();
  expect(clock.at(4_000)).toBe(4_000);
});
