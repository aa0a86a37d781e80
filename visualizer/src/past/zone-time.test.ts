import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeOfWall, wallText } from "./zone-time.ts";

const ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];

describe("time on the wall", () => {
  it("is what clocks there show", () => {
    const timeMs = Date.UTC(2026, 6, 1, 12, 30);
    expect(wallText(timeMs, "Europe/Berlin")).toBe("2026-07-01T14:30");
    expect(wallText(timeMs, "Asia/Kathmandu")).toBe("2026-07-01T18:15");
    expect(wallText(timeMs, "Nowhere/Town")).toBe("2026-07-01T12:30");
  });

  it("is found again, in any zone and at any time", () => {
    const minute = fc.integer({ min: Date.UTC(2015, 0) / 60_000, max: Date.UTC(2035, 0) / 60_000 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), minute, (zone, at) => {
        const text = wallText(at * 60_000, zone);
        const found = timeOfWall(text, zone)!;
        expect(wallText(found, zone)).toBe(text);
        expect(found).toBeLessThanOrEqual(at * 60_000);
      }),
    );
  });

  it("is the earlier of two in autumn, and goes on after the gap in spring", () => {
    expect(timeOfWall("2026-10-25T02:30", "Europe/Berlin")).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(wallText(timeOfWall("2026-03-29T02:30", "Europe/Berlin")!, "Europe/Berlin")).toBe("2026-03-29T03:30");
  });

  it.each(["", "yesterday", "2026-13-01T00:00", "2026-01-01"])("is not %j", (text) =>
    expect(timeOfWall(text, "UTC")).toBeNull(),
  );
});
