import type { Contact } from "@encounter/core/wire/contacts";
import { describe, expect, it } from "vitest";
import { type Order, orderAfter } from "../table/order.ts";
import { CONTACT_COLUMNS, type ContactColumn, sortContacts } from "./contact-order.ts";
import { summaryOf } from "./contact-summary.ts";

function contact(other: string, start: number, minutes: number, certain: number, distance: number | null): Contact {
  const closest = distance === null ? null : { minute: start, floor: 0, distance, gap: 0 };
  const end = start + minutes * 60_000;
  return { device_id: "Me", other, start, end, minutes, certain_minutes: certain, closest };
}

const contacts = [
  contact("Tag 10", 1, 9, 0, 3),
  contact("Tag 9", 2, 20, 5, null),
  contact("Cart", 3, 9, 9, 0.5),
  contact("Tag 9", 4, 6, 1, 2),
];

describe("contacts in order", () => {
  const starts = (column: ContactColumn, descending: boolean) =>
    sortContacts(contacts, { column, descending }).map(({ start }) => start);

  it.each<[ContactColumn, number[]]>([
    ["start", [1, 2, 3, 4]],
    ["other", [3, 2, 4, 1]],
    ["minutes", [4, 1, 3, 2]],
    ["certain", [1, 4, 2, 3]],
    ["closest", [3, 4, 1, 2]],
  ])("by %s, equals as they were", (column, expected) => {
    expect(starts(column, false)).toEqual(expected);
  });

  it("is turned round by a second click, and begins with the telling end of another column", () => {
    let order: Order<ContactColumn> = { column: "start", descending: true };
    order = orderAfter(order, "start", ["other"]);
    expect(order).toEqual({ column: "start", descending: false });
    order = orderAfter(order, "minutes", ["other"]);
    expect(order).toEqual({ column: "minutes", descending: true });
    expect(orderAfter(order, "other", ["other"])).toEqual({ column: "other", descending: false });
  });

  it("loses none in any order", () => {
    for (const column of CONTACT_COLUMNS) expect(starts(column, true).sort()).toEqual([1, 2, 3, 4]);
  });
});

it("counts contacts and whom they were with", () => {
  expect(summaryOf(contacts)).toEqual({
    contacts: 4,
    devices: 3,
    totalMinutes: 44,
    certainMinutes: 15,
    averageMinutes: 11,
    longestMinutes: 20,
  });
  expect(summaryOf([])).toMatchObject({ contacts: 0, averageMinutes: 0, longestMinutes: 0 });
});
