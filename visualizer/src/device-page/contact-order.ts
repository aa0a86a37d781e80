import type { Contact } from "@encounter/core/wire/contacts";
import { compareNames, type Order } from "../table/order.ts";

/** What a table of contacts can be sorted by. */
export const CONTACT_COLUMNS = ["start", "other", "minutes", "certain", "closest"] as const;
export type ContactColumn = (typeof CONTACT_COLUMNS)[number];

/** What a column that is a number sorts by. */
function numberOf(contact: Contact, column: ContactColumn): number {
  if (column === "minutes") return contact.minutes;
  if (column === "certain") return contact.certain_minutes;
  if (column === "closest") return contact.closest?.distance ?? Number.POSITIVE_INFINITY;
  return contact.start;
}

/** Contacts in an order; those that are equal in it keep theirs. */
export function sortContacts(contacts: readonly Contact[], { column, descending }: Order<ContactColumn>): Contact[] {
  const sign = descending ? -1 : 1;
  return [...contacts].sort((a, b) => sign * compare(a, b, column));
}

function compare(a: Contact, b: Contact, column: ContactColumn): number {
  if (column === "other") return compareNames(a.other, b.other);
  const one = numberOf(a, column);
  const other = numberOf(b, column);
  return one === other ? 0 : one < other ? -1 : 1;
}
