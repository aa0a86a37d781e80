import fc from "fast-check";
import { expect, test } from "vitest";
import { readInstant } from "./instant.ts";

test.each([
  ["0", 0],
  ["1587690000000", 1_587_690_000_000],
  ["2020-04-24T01:00:00Z", 1_587_690_000_000],
  ["2020-04-24t01:00:00z", 1_587_690_000_000],
  ["2020-04-24T01:00Z", 1_587_690_000_000],
  ["2020-04-24 01:00:00Z", 1_587_690_000_000],
  ["2020-04-24T03:00:00+02:00", 1_587_690_000_000],
  ["2020-04-24T03:00:00 02:00", 1_587_690_000_000],
  ["2020-04-24T03:00:00+0200", 1_587_690_000_000],
  ["2020-04-24T03:00:00+02", 1_587_690_000_000],
  ["2020-04-23T19:30:00-05:30", 1_587_690_000_000],
  ["2020-04-24T01:00:00.250Z", 1_587_690_000_250],
  ["2020-04-24T01:00:00,250999Z", 1_587_690_000_250],
  ["2020-02-29T00:00:00Z", 1_582_934_400_000],
])("%s is %i", (text, timeMs) => {
  expect(readInstant("from", text)).toBe(timeMs);
});

test.each([
  "",
  "now",
  "-1",
  "+5",
  "1e3",
  "1.5",
  "0x10",
  "99999999999999999",
  "2020-04-24",
  "2020-04-24T01:00:00",
  "2020-04-24T25:00:00Z",
  "2020-04-24T01:60:00Z",
  "2020-04-31T00:00:00Z",
  "2021-02-29T00:00:00Z",
  "2020-13-01T00:00:00Z",
  "2020-04-24T01:00:00+24:00",
  "2020-04-24T01:00:00+02:60",
  "1960-01-01T00:00:00Z",
])("%j is refused, and what is allowed is told", (text) => {
  expect(() => readInstant("from", text)).toThrow(/^from must be a time since 1970: .* ISO 8601 with an offset/);
});

test("every time is read back from any offset", () => {
  fc.assert(
    fc.property(fc.integer({ min: 86_400_000, max: 4e12 }), fc.integer({ min: -839, max: 839 }), (timeMs, offset) => {
      const local = new Date(timeMs + offset * 60_000).toISOString().slice(0, -1);
      const pad = (value: number) => String(Math.abs(value)).padStart(2, "0");
      const text = `${local}${offset < 0 ? "-" : "+"}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`;
      expect(readInstant("to", text)).toBe(timeMs);
    }),
  );
});
