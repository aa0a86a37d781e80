import type { Contact } from "@encounter/core/wire/contacts";
import { signal } from "@preact/signals";
import type { Order } from "../table/order.ts";
import type { ContactColumn } from "./contact-order.ts";

/** Which contact, of those of one device. */
export interface ContactPlace {
  readonly start: number;
  readonly other: string;
}

/** How the reader left a table of contacts; it is so again when they come back to it. */
export class ContactTableView {
  readonly order = signal<Order<ContactColumn>>({ column: "start", descending: true });
  readonly page = signal(0);
  /** The row that was focused last, or looked into; Tab leads to it. */
  readonly current = signal<ContactPlace | null>(null);
}

export function placeOf({ start, other }: Contact): ContactPlace {
  return { start, other };
}

export function isAt({ start, other }: Contact, place: ContactPlace | null): boolean {
  return place !== null && place.start === start && place.other === other;
}
