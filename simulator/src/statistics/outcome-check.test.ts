import { beforeEach, describe, expect, test } from "vitest";
import type { SimulatedFix } from "../simulating/simulated-fix.ts";
import { OutcomeCheck } from "./outcome-check.ts";

const MINUTE_MS = 60_000;
let check: OutcomeCheck;

beforeEach(() => {
  check = new OutcomeCheck(3, [4], () => 0);
});

function fixAt(minute: number, changes: Partial<SimulatedFix> = {}): SimulatedFix {
  return {
    device: 0,
    fixTimeMs: minute * MINUTE_MS + 5,
    dueMs: 0,
    longitude: 8,
    latitude: 47,
    floor: 0,
    accuracyM: 1,
    trueLongitude: 8,
    trueLatitude: 47,
    ...changes,
  };
}

describe("the check of outcomes", () => {
  test("is content with what the contract says", () => {
    check.check(fixAt(1), "accepted");
    check.check(fixAt(1), "repeated");
    check.check(fixAt(1, { device: 1 }), "accepted");
    check.check(fixAt(2), "accepted");
    check.check(fixAt(3, { accuracyM: 4.01 }), "inaccurate");
    check.check(fixAt(3, { accuracyM: 4 }), "accepted");
    check.check(fixAt(4), "unlisted");
    expect(check.unexpected).toBe(0);
  });

  test.each([
    ["a second fix in one minute", () => check.check(fixAt(1), "accepted")],
    ["a second fix after one that was repeated", () => check.check(fixAt(2), "accepted")],
    ["what is too inaccurate", () => check.check(fixAt(5, { accuracyM: 4.01 }), "accepted")],
    ["inaccurate before repeated", () => check.check(fixAt(5, { accuracyM: 4.01 }), "repeated")],
    ["inaccurate at the limit", () => check.check(fixAt(5, { accuracyM: 4 }), "inaccurate")],
    ["invalid", () => check.check(fixAt(5), "invalid")],
    ["forbidden", () => check.check(fixAt(5), "forbidden")],
    ["early", () => check.check(fixAt(5), "early")],
    ["late", () => check.check(fixAt(5), "late")],
  ])("notices %s", (_, happen) => {
    check.check(fixAt(1), "accepted");
    check.check(fixAt(2), "repeated");
    happen();
    expect(check.unexpected).toBe(1);
    expect(check.examples[0]).toMatch(/accepted|called/);
  });

  test("expects a fix to be accepted once more when the store went back in time", () => {
    check.check(fixAt(1), "accepted");
    check.forget(fixAt(1));
    check.check(fixAt(1), "accepted");
    expect(check.unexpected).toBe(0);
  });

  test("does not judge accuracy where the limit is not known", () => {
    const blind = new OutcomeCheck(1, [null], () => 0);
    blind.check(fixAt(1, { accuracyM: 9 }), "accepted");
    blind.check(fixAt(2), "inaccurate");
    expect(blind.unexpected).toBe(0);
  });

  test("keeps a few examples of many", () => {
    for (let i = 0; i < 100; i++) check.check(fixAt(i), "invalid");
    expect(check.unexpected).toBe(100);
    expect(check.examples.length).toBe(5);
  });
});
