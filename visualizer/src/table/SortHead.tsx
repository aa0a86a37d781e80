import { type Order, orderAfter } from "./order.ts";

interface Props<Column extends string> {
  readonly column: Column;
  readonly label: string;
  /** In full, where the label is short. */
  readonly title?: string;
  readonly order: { value: Order<Column> };
  /** Columns that are looked through from their low end: names, distances. */
  readonly risesFirst: readonly Column[];
}

/** A column's head that sorts by it. */
export function SortHead<Column extends string>({ column, label, title, order, risesFirst }: Props<Column>) {
  const { column: sorted, descending } = order.value;
  const sort = column !== sorted ? "none" : descending ? "descending" : "ascending";
  return (
    <th scope="col" aria-sort={sort} class={`column-${column}`}>
      <button
        type="button"
        title={title}
        onClick={() => {
          order.value = orderAfter(order.value, column, risesFirst);
        }}
      >
        {label}
        <span class="sorted" aria-hidden="true">
          {sort === "none" ? "" : descending ? "↓" : "↑"}
        </span>
      </button>
    </th>
  );
}
