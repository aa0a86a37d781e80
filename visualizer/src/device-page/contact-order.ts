import type { Contact } from "@encounter/core/wire/contacts";

/** What a table of contacts can be sorted by. */
export const CONTACT_COLUMNS = ["start", "other", "minutes", "certain", "closest"] as const;
export type ContactColumn = (typeof CONTACT_COLUMNS)[number];

/** By which column, and which end comes first. */
export interface Order<Column extends string> {
  readonly column: Column;
  readonly descending: boolean;
}

/** The order after a click on a column's head: the other way round, or by another column, its telling end first. */
export function orderAfter<Column extends string>(
  order: Order<Column>,
  column: Column,
  risesFirst: readonly Column[],
): Order<Column> {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: !risesFirst.includes(column) };
}

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

const names = new Intl.Collator(undefined, { numeric: true });

/** As one would look it up: Tag 9 before Tag 10. */
export function compareNames(a: string, b: string): number {
  return names.compare(a, b);
}
