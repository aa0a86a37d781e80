import { describe, expect, it } from "vitest";
import { frameOf } from "../../test/live-frames.ts";
import { DeviceTable } from "../live/device-table.ts";
import type { Thresholds } from "../live/floor-view.ts";
import { ContactEvents } from "./contact-events.ts";

const thresholds: Thresholds = { staleMs: 60_000, leaveMs: 600_000, minMinutes: 5, proximityDm: 50, certain: false };
const NAMES = ["a", "b", "c"];

function tableAt(minute: number, lines: { a: number; b: number; minutes: number }[], names = NAMES): DeviceTable {
  const table = new DeviceTable();
  table.apply(frameOf({ snapshot: true, timeMs: minute * 60_000, names, lines }), 0);
  return table;
}

describe("contacts as they come about", () => {
  it("tells of a pair once, when it has been near for long enough", () => {
    const events = new ContactEvents();
    expect(events.look(tableAt(100, [{ a: 0, b: 1, minutes: 4 }]), thresholds)).toEqual([]);
    const told = events.look(tableAt(101, [{ a: 0, b: 1, minutes: 5 }]), thresholds);
    expect(told).toMatchObject([{ device: "a", other: "b", startMinute: 97, minutes: 5, ended: false }]);
    expect(events.look(tableAt(102, [{ a: 0, b: 1, minutes: 6 }]), thresholds)).toEqual([]);
    expect(events.events).toMatchObject([{ minutes: 6, ended: false }]);
  });

  it("does not tell of what it finds at first, but lists it", () => {
    const events = new ContactEvents();
    expect(events.look(tableAt(100, [{ a: 0, b: 1, minutes: 9 }]), thresholds)).toEqual([]);
    expect(events.events).toHaveLength(1);
  });

  it("knows pairs by name, whatever their numbers are", () => {
    const events = new ContactEvents();
    events.look(tableAt(100, [{ a: 0, b: 1, minutes: 9 }]), thresholds);
    expect(events.look(tableAt(101, [{ a: 2, b: 1, minutes: 10 }], ["c", "b", "a"]), thresholds)).toEqual([]);
    expect(events.events).toMatchObject([{ device: "a", other: "b", minutes: 10 }]);
  });

  it("ends what is no longer there, and tells of it anew when it comes again", () => {
    const events = new ContactEvents();
    events.look(tableAt(100, [{ a: 0, b: 1, minutes: 9 }]), thresholds);
    events.look(tableAt(101, []), thresholds);
    expect(events.events).toMatchObject([{ minutes: 9, ended: true }]);
    expect(events.look(tableAt(110, [{ a: 0, b: 1, minutes: 5 }]), thresholds)).toHaveLength(1);
    expect(events.events.map(({ ended }) => ended)).toEqual([false, true]);
  });

  it("takes a start that seems to move by a minute for the same contact", () => {
    const events = new ContactEvents();
    events.look(tableAt(100, [{ a: 0, b: 1, minutes: 9 }]), thresholds);
    expect(events.look(tableAt(100, [{ a: 0, b: 1, minutes: 10 }]), thresholds)).toEqual([]);
    expect(events.look(tableAt(100, [{ a: 1, b: 2, minutes: 10 }], ["x", "a", "b"]), thresholds)).toEqual([]);
    expect(events.events).toHaveLength(1);
  });
});
