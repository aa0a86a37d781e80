import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FixOfDevice, frameOf, type LineOfPair } from "../../test/live-frames.ts";
import { DeviceTable } from "./device-table.ts";
import { ALONE, CONTACT, FloorView, NEAR, type Thresholds } from "./floor-view.ts";

const NOW_MS = 1_700_000_000_000;
const thresholds: Thresholds = { staleMs: 60_000, leaveMs: 600_000, minMinutes: 5, proximityDm: 50, certain: false };

function look(fixes: readonly FixOfDevice[], lines: readonly LineOfPair[], floor = 0, count = fixes.length): FloorView {
  const table = new DeviceTable();
  table.restart({ longitude: 13, latitude: 52 });
  const names = Array.from({ length: count }, (_, i) => `device ${i}`);
  table.apply(frameOf({ snapshot: true, timeMs: NOW_MS, names, fixes, lines }), 0);
  const view = new FloorView();
  view.build(table, floor, thresholds, NOW_MS);
  return view;
}

function drawnLines(view: FloorView): string[] {
  return Array.from({ length: view.lineCount }, (_, line) => {
    const ends = [view.device[view.lineA[line]!]!, view.device[view.lineB[line]!]!].sort((a, b) => a - b);
    return `${ends.join("-")}${view.lineContact[line] === 1 ? " contact" : ""}${view.lineCertain[line] === 1 ? " certain" : ""}`;
  }).sort();
}

describe("FloorView", () => {
  it("shows one floor and counts all", () => {
    const view = look([{ device: 0 }, { device: 1, floor: 2 }, { device: 2, floor: 2 }], [], 2);
    expect([...view.device.slice(0, view.count)].sort()).toEqual([1, 2]);
    expect(view.summary.devices).toBe(3);
    expect([...view.summary.floors]).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it("fades after a minute and lets go after ten, to the millisecond", () => {
    const ages = [59_900, 60_000, 60_100, 600_000, 600_100];
    const view = look(
      ages.map((ageMs, device) => ({ device, ageMs })),
      [],
    );
    expect(ages.map((_, device) => view.isStale(device))).toEqual([false, false, true, true, false]);
    expect(ages.map((_, device) => view.isPresent(device))).toEqual([true, true, true, true, false]);
    expect(view.summary).toMatchObject({ devices: 4, stale: 2 });
    expect(view.count).toBe(4);
  });

  it("does not show a device that was named and has no fix", () => {
    expect(look([{ device: 0 }], [], 0, 2).summary.devices).toBe(1);
  });

  it("is a contact from min_minutes on, and certain up to the proximity", () => {
    const fixes = [0, 1, 2, 3].map((device) => ({ device }));
    const view = look(fixes, [
      { a: 0, b: 1, minutes: 4, reachM: 5 },
      { a: 1, b: 2, minutes: 5, reachM: 5.1 },
      { a: 2, b: 3, minutes: 60, reachM: 3 },
    ]);
    expect(drawnLines(view)).toEqual(["0-1 certain", "1-2 contact", "2-3 contact certain"]);
    expect(view.summary).toMatchObject({ inContact: 3, contactLines: 2, nearLines: 1 });
    expect([0, 1, 2, 3].map((device) => view.standingOfDevice(device))).toEqual([NEAR, CONTACT, CONTACT, CONTACT]);
    expect([0, 1, 2, 3].map((device) => view.contactCount(device))).toEqual([0, 1, 2, 1]);
  });

  it("draws no line to a device that left or is on another floor", () => {
    const fixes = [{ device: 0 }, { device: 1, ageMs: 700_000 }, { device: 2, floor: 1 }];
    const view = look(fixes, [
      { a: 0, b: 1, minutes: 9 },
      { a: 0, b: 2, minutes: 9 },
    ]);
    expect(view.lineCount).toBe(0);
    // The pair on two floors is still one; that with a device that left is not.
    expect(view.summary).toMatchObject({ inContact: 2, contactLines: 1 });
  });

  it("draws what weighs more above the rest", () => {
    const view = look(
      [0, 1, 2, 3, 4].map((device) => ({ device, ageMs: device === 4 ? 90_000 : 0 })),
      [
        { a: 0, b: 1, minutes: 7 },
        { a: 2, b: 0, minutes: 1 },
      ],
    );
    expect([...view.device.slice(0, view.count)]).toEqual([4, 3, 2, 0, 1]);
    expect([...view.lineContact.slice(0, 2)]).toEqual([0, 1]);
  });

  it("forgets what it showed before", () => {
    const table = new DeviceTable();
    table.restart({ longitude: 13, latitude: 52 });
    const view = new FloorView();
    const fixes = [{ device: 0 }, { device: 1 }];
    table.apply(
      frameOf({ snapshot: true, timeMs: NOW_MS, names: ["a", "b"], fixes, lines: [{ a: 0, b: 1, minutes: 9 }] }),
      0,
    );
    view.build(table, 0, thresholds, NOW_MS);
    table.dropLines();
    view.build(table, 0, thresholds, NOW_MS);
    expect(view.lineCount).toBe(0);
    expect(view.summary).toMatchObject({ inContact: 0, contactLines: 0 });
    expect(view.standingOfDevice(0)).toBe(ALONE);
  });

  it("agrees with counting one by one", () => {
    const fix = fc.record({
      floor: fc.integer({ min: 0, max: 2 }),
      ageMs: fc.integer({ min: 0, max: 800 }).map((s) => s * 1_000),
    });
    const line = fc.record({ a: fc.nat(19), b: fc.nat(19), minutes: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(
        fc.array(fix, { minLength: 20, maxLength: 20 }),
        fc.array(line),
        fc.integer({ min: 0, max: 2 }),
        (fixes, lines, floor) => {
          const view = look(
            fixes.map((one, device) => ({ device, ...one })),
            lines,
            floor,
          );
          const here = (device: number) => fixes[device]!.ageMs <= 600_000 && fixes[device]!.floor === floor;
          expect(view.count).toBe(fixes.filter((_, device) => here(device)).length);
          expect(view.lineCount).toBe(lines.filter(({ a, b }) => here(a) && here(b)).length);
          for (let slot = 0; slot < view.count; slot++) expect(view.slot(view.device[slot]!)).toBe(slot);
        },
      ),
    );
  });
});
