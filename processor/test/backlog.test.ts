import { describe, expect, test } from "vitest";
import { Backlog } from "../src/backlog.ts";

describe("the backlog", () => {
  test("tells how long the oldest minute has waited, and how many fixes wait in all", () => {
    const backlog = new Backlog();
    backlog.note("hall", 100, 7, 1_000);
    backlog.note("ward", 90, 5, 3_000);
    expect(backlog.fixes).toBe(12);
    expect(backlog.oldestAgeMs(11_000)).toBe(10_000);

    backlog.note("hall", 100, 9, 12_000);
    expect(backlog.fixes).toBe(14);
    expect(backlog.oldestAgeMs(12_000), "the same minute still waits").toBe(11_000);
  });

  test("begins anew with another minute, and forgets what is evaluated or gone", () => {
    const backlog = new Backlog();
    backlog.note("hall", 100, 7, 1_000);
    backlog.note("hall", 101, 1, 61_000);
    expect(backlog.oldestAgeMs(62_000)).toBe(1_000);
    backlog.clear("hall");
    expect([backlog.fixes, backlog.oldestAgeMs(62_000)]).toEqual([0, 0]);

    backlog.note("gone", 100, 7, 1_000);
    backlog.keep(new Set(["hall"]));
    expect(backlog.fixes).toBe(0);
  });
});
