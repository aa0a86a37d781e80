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

const names = new Intl.Collator(undefined, { numeric: true });

/** As one would look it up: Tag 9 before Tag 10. */
export function compareNames(a: string, b: string): number {
  return names.compare(a, b);
}
