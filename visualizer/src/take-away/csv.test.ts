import { describe, expect, it } from "vitest";
import { csvOf } from "./csv.ts";

describe("rows as CSV", () => {
  it("has a head, and quotes what needs it", () => {
    const rows = [
      { device_id: 'a "b", c', minutes: 3, certain: true },
      { device_id: "line\nbreak", minutes: -1, certain: false },
    ];
    expect(csvOf(rows)).toBe('device_id,minutes,certain\r\n"a ""b"", c",3,true\r\n"line\nbreak",-1,false\r\n');
    expect(csvOf([])).toBe("");
  });

  it("keeps a device's name from being a formula", () => {
    expect(csvOf([{ device_id: "=1+1" }, { device_id: "@x" }])).toBe("device_id\r\n'=1+1\r\n'@x\r\n");
  });
});
