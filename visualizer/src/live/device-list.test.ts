import { describe, expect, it } from "vitest";
import { frameOf } from "../../test/live-frames.ts";
import { DeviceList } from "./device-list.ts";
import { DeviceTable } from "./device-table.ts";
import { FloorView } from "./floor-view.ts";
import { partnersOf } from "./partners.ts";

const NOW_MS = 1_700_000_000_000;
const thresholds = { staleMs: 60_000, leaveMs: 600_000, minMinutes: 5, proximityDm: 50, certain: false };

const table = new DeviceTable();
table.restart({ longitude: 13, latitude: 52 });
const names = ["Tag 10", "tag 9", "Badge 2", "Gone", "Phone 1"];
const fixes = names.map((_, device) => ({ device, ageMs: device === 3 ? 900_000 : device === 4 ? 90_000 : 0 }));
const lines = [
  { a: 0, b: 1, minutes: 6, reachM: 4 },
  { a: 2, b: 0, minutes: 2, reachM: 8 },
  { a: 3, b: 0, minutes: 9 },
];
table.apply(frameOf({ snapshot: true, timeMs: NOW_MS, names, fixes, lines }), 0);
const view = new FloorView();
view.build(table, 0, thresholds, NOW_MS);

function listed(filter: "all" | "contact" | "stale", query = ""): string[] {
  return new DeviceList().select(table, view, filter, query).map((device) => table.names[device]!);
}

describe("DeviceList", () => {
  it("orders names as people do and leaves out who left", () => {
    expect(listed("all")).toEqual(["Badge 2", "Phone 1", "tag 9", "Tag 10"]);
  });

  it("filters by state and by part of a name in any case", () => {
    expect(listed("contact")).toEqual(["tag 9", "Tag 10"]);
    expect(listed("stale")).toEqual(["Phone 1"]);
    expect(listed("all", " TAG ")).toEqual(["tag 9", "Tag 10"]);
    expect(listed("contact", "10")).toEqual(["Tag 10"]);
  });

  it("sees new names", () => {
    const list = new DeviceList();
    list.select(table, view, "all", "");
    const grown = new DeviceTable();
    grown.restart({ longitude: 13, latitude: 52 });
    grown.apply(frameOf({ snapshot: true, timeMs: NOW_MS, names: ["b"], fixes: [{ device: 0 }] }), 0);
    grown.apply(frameOf({ timeMs: NOW_MS, firstName: 1, names: ["a"], fixes: [{ device: 1 }] }), 0);
    const grownView = new FloorView();
    grownView.build(grown, 0, thresholds, NOW_MS);
    expect(list.select(grown, grownView, "all", "")).toEqual([1, 0]);
  });
});

describe("partnersOf", () => {
  it("names who is near, the longest first, and how sure that is", () => {
    expect(partnersOf(table, view, 0, thresholds)).toEqual([
      { device: 1, minutes: 6, gapDm: 0, contact: true, certain: true },
      { device: 2, minutes: 2, gapDm: 0, contact: false, certain: false },
    ]);
  });
});
