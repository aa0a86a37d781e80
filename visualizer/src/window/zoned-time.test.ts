import fc from "fast-check";
import { expect, it } from "vitest";
import { dayTimeText, hourText, localText, readLocal } from "./zoned-time.ts";

const BERLIN = "Europe/Berlin";

it("says times as the clocks of the venue show them", () => {
  const summerMs = Date.UTC(2024, 6, 5, 22, 30);
  expect(hourText(summerMs, BERLIN, "en")).toBe("00:30");
  expect(dayTimeText(summerMs, BERLIN, "en")).toBe("6 Jul 00:30");
  expect(dayTimeText(summerMs, BERLIN, "de")).toBe("6. Juli 00:30");
  expect(localText(summerMs, BERLIN)).toBe("2024-07-06T00:30");
  expect(localText(summerMs, "Nowhere/Atlantis")).toBe("2024-07-05T22:30");
});

it("reads what a field says in the venue's zone", () => {
  expect(readLocal("2024-07-06T00:30", BERLIN)).toBe(Date.UTC(2024, 6, 5, 22, 30));
  expect(readLocal("", BERLIN)).toBeNull();
  // 02:30 does not exist on that day, and twice on the other.
  expect(readLocal("2024-03-31T02:30", BERLIN)).toBe(Date.UTC(2024, 2, 31, 1, 30));
  expect(readLocal("2024-10-27T02:30", BERLIN)).toBe(Date.UTC(2024, 9, 27, 0, 30));
});

it("reads back every minute that is not shown twice", () => {
  const zones = fc.constantFrom(BERLIN, "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC");
  const minutes = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2035, 0) / 60_000 });
  fc.assert(
    fc.property(minutes, zones, (minute, zone) => {
      const timeMs = minute * 60_000;
      const read = readLocal(localText(timeMs, zone), zone)!;
      expect(localText(read, zone)).toBe(localText(timeMs, zone));
      expect(read).toBeLessThanOrEqual(timeMs);
      expect(timeMs - read).toBeLessThanOrEqual(3_600_000);
    }),
  );
});
