import { toAnchored } from "@encounter/core/wire/live";
import type { Point } from "geojson";
import { describe, expect, it } from "vitest";
import { frameOf } from "../../test/live-frames.ts";
import { DeviceTable } from "../live/device-table.ts";
import { FloorView } from "../live/floor-view.ts";
import { clustersOf } from "./clusters.ts";

const NOW_MS = 1_700_000_000_000;
const THRESHOLDS = { staleMs: 60_000, leaveMs: 600_000, minMinutes: 5, proximityDm: 50, certain: false };
const DEVICES = 10_000;

/** Ten thousand devices in eight by eight buildings, most of them about a few tables. */
function campus(seed: number): { table: DeviceTable; view: FloorView } {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const tables = Array.from({ length: 400 }, () => ({
    eastM: Math.floor(random() * 8) * 100 + random() * 60,
    northM: Math.floor(random() * 8) * 80 + random() * 40,
  }));
  const fixes = Array.from({ length: DEVICES }, (_, device) => {
    const { eastM, northM } = tables[Math.floor(random() * tables.length)]!;
    return { device, eastM: eastM + random() * 6, northM: northM + random() * 6 };
  });
  const table = new DeviceTable();
  table.restart({ longitude: 8.55, latitude: 47.37 });
  const names = fixes.map(({ device }) => `device ${device}`);
  table.apply(frameOf({ snapshot: true, timeMs: NOW_MS, names, fixes }), 0);
  const view = new FloorView();
  view.build(table, 0, THRESHOLDS, NOW_MS);
  return { table, view };
}

describe("clusters of ten thousand devices on a floor", () => {
  it.each([0.25, 0.5, 1, 2, 4, 8])("do not overlap at %d px a metre", (pxPerM) => {
    for (const seed of [1, 2, 3]) {
      const { table, view } = campus(seed);
      const discs = clustersOf(table, view, pxPerM).features.map(({ geometry, properties }) => {
        const [longitude = 0, latitude = 0] = (geometry as Point).coordinates;
        const { eastM, northM } = toAnchored(table.anchor, longitude, latitude);
        return { eastM, northM, radiusPx: properties?.radiusPx as number };
      });
      expect(discs.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const [i, one] of discs.entries()) {
        for (const other of discs.slice(0, i)) {
          const apartPx = Math.hypot(one.eastM - other.eastM, one.northM - other.northM) * pxPerM;
          expect(apartPx, `seed ${seed}`).toBeGreaterThanOrEqual(one.radiusPx + other.radiusPx);
        }
      }
    }
  });

  it("stand where somebody is: houses on two sides of a street are not one in its middle", () => {
    const table = new DeviceTable();
    table.restart({ longitude: 8.55, latitude: 47.37 });
    // At 1 px a metre a cell is 64 m; both houses reach into the one between them.
    const fixes = Array.from({ length: 400 }, (_, device) => ({
      device,
      eastM: (device % 20) * 2,
      northM: device < 200 ? 60 + (device % 12) : 121 + (device % 12),
    }));
    const names = fixes.map(({ device }) => `device ${device}`);
    table.apply(frameOf({ snapshot: true, timeMs: NOW_MS, names, fixes }), 0);
    const view = new FloorView();
    view.build(table, 0, THRESHOLDS, NOW_MS);
    const norths = clustersOf(table, view, 1).features.map(({ geometry }) => {
      const [longitude = 0, latitude = 0] = (geometry as Point).coordinates;
      return toAnchored(table.anchor, longitude, latitude).northM;
    });
    expect(norths.length).toBeGreaterThanOrEqual(2);
    for (const northM of norths) expect((northM >= 59 && northM <= 73) || (northM >= 120 && northM <= 134)).toBe(true);
  });
});
