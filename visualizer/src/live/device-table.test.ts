import { fromAnchored } from "@encounter/core/wire/live";
import { describe, expect, it } from "vitest";
import { frameOf } from "../../test/live-frames.ts";
import { DeviceTable, GLIDE_MS, glideProgress } from "./device-table.ts";

const NOON_MS = 1_700_000_000_000;

function tableOf(...frames: Parameters<typeof frameOf>[0][]): DeviceTable {
  const table = new DeviceTable();
  table.restart({ longitude: 13, latitude: 52 });
  for (const frame of frames) table.apply(frameOf(frame), 0);
  return table;
}

describe("DeviceTable", () => {
  it("replaces everything with a snapshot", () => {
    const table = tableOf(
      { snapshot: true, names: ["a", "b", "c"], fixes: [{ device: 2, eastM: 7 }], lines: [{ a: 0, b: 1 }] },
      { snapshot: true, timeMs: NOON_MS, names: ["b"], fixes: [{ device: 0, eastM: 3, ageMs: 1_500 }] },
    );
    expect(table.names).toEqual(["b"]);
    expect(table.indexOf("a")).toBe(-1);
    expect(table.indexOf("b")).toBe(0);
    expect(table.fixTimeMs[0]).toBe(NOON_MS - 1_500);
    expect(table.fixTimeMs[2]).toBe(0);
    expect(table.lines.count).toBe(0);
  });

  it("adds what a change brings and keeps the rest", () => {
    const table = tableOf(
      {
        snapshot: true,
        timeMs: NOON_MS,
        names: ["a", "b"],
        fixes: [
          { device: 0, eastM: 1 },
          { device: 1, eastM: 2 },
        ],
        lines: [{ a: 0, b: 1 }],
      },
      {
        timeMs: NOON_MS + 500,
        firstName: 2,
        names: ["c"],
        fixes: [
          { device: 2, floor: 4, accuracyM: 2.5 },
          { device: 0, eastM: 1.5 },
        ],
      },
    );
    expect(table.names).toEqual(["a", "b", "c"]);
    expect(table.eastM.slice(0, 3)).toEqual(Float32Array.of(1.5, 2, 0));
    expect(table.floor[2]).toBe(4);
    expect(table.accuracyM[2]).toBeCloseTo(2.5);
    expect(table.lines.count).toBe(1);
  });

  it("replaces the lines with those of a change, even with none", () => {
    const table = tableOf({ snapshot: true, names: ["a", "b"], lines: [{ a: 0, b: 1 }] }, { lines: [] });
    expect(table.lines.count).toBe(0);
  });

  it("grows beyond its first room and keeps what it had", () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `d${i}`);
    const table = tableOf(
      { snapshot: true, timeMs: NOON_MS, names: names.slice(0, 10), fixes: [{ device: 3, northM: 9 }] },
      { firstName: 10, names: names.slice(10), fixes: [{ device: 2_999, northM: 5 }] },
    );
    expect(table.count).toBe(3_000);
    expect(table.northM[3]).toBe(9);
    expect(table.northM[2_999]).toBe(5);
  });

  it("ignores a fix of a device that nobody named", () => {
    const table = tableOf({ snapshot: true, names: ["a"], fixes: [{ device: 7, eastM: 3 }] });
    expect(table.count).toBe(1);
  });

  it("draws a radius in true metres, however far from the anchor", () => {
    const table = new DeviceTable();
    table.restart({ longitude: 0, latitude: 0 });
    const north = { device: 0, accuracyM: 2, northM: 6_378_137 * Math.log(Math.tan(Math.PI / 4 + Math.PI / 6)) };
    table.apply(frameOf({ snapshot: true, names: ["a", "b"], fixes: [north, { device: 1, accuracyM: 2 }] }), 0);
    expect(fromAnchored(table.anchor, 0, north.northM).latitude).toBeCloseTo(60);
    expect(table.radiusM[0]).toBeCloseTo(4, 4);
    expect(table.radiusM[1]).toBeCloseTo(2, 6);
  });
});

describe("movement between fixes", () => {
  it("begins where the device is shown, not where its last fix was", () => {
    const table = new DeviceTable();
    table.restart({ longitude: 13, latitude: 52 });
    table.apply(frameOf({ snapshot: true, timeMs: NOON_MS, names: ["a"], fixes: [{ device: 0 }] }), 0);
    table.apply(frameOf({ timeMs: NOON_MS, fixes: [{ device: 0, eastM: 10 }] }), 1_000);
    table.apply(frameOf({ timeMs: NOON_MS, fixes: [{ device: 0, eastM: 20 }] }), 1_000 + GLIDE_MS / 2);
    expect(table.fromEastM[0]).toBeCloseTo(10 * glideProgress(GLIDE_MS / 2), 4);
    expect(table.eastM[0]).toBe(20);
  });

  it("does not glide to another floor, nor across the venue, nor into the picture", () => {
    const table = new DeviceTable();
    table.restart({ longitude: 13, latitude: 52 });
    const fixes = [0, 1, 2].map((device) => ({ device, eastM: 5 }));
    table.apply(frameOf({ snapshot: true, timeMs: NOON_MS, names: ["a", "b", "c"], fixes }), 0);
    expect(table.fromEastM[0]).toBe(5);
    const moves = [
      { device: 0, eastM: 6, floor: 1 },
      { device: 1, eastM: 500 },
      { device: 2, eastM: 6 },
    ];
    table.apply(frameOf({ timeMs: NOON_MS, fixes: moves }), 5_000);
    expect([...table.fromEastM.slice(0, 3)]).toEqual([6, 500, 5]);
  });

  it("starts at once, slows down and arrives", () => {
    expect(glideProgress(0)).toBe(0);
    expect(glideProgress(GLIDE_MS / 2)).toBeGreaterThan(0.5);
    expect(glideProgress(GLIDE_MS)).toBe(1);
    expect(glideProgress(1e9)).toBe(1);
  });
});
