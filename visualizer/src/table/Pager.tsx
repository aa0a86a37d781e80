import { texts } from "../language/language.ts";

/** Longer tables are shown in pages. */
export const PAGE_ROWS = 200;

interface Props {
  readonly rows: number;
  /** From 0. */
  readonly page: number;
  readonly turn: (page: number) => void;
}

/** The page that a row is on, or the last there is. */
export function pageWithin(page: number, rows: number): number {
  return Math.max(0, Math.min(page, Math.ceil(rows / PAGE_ROWS) - 1));
}

/** Turns the pages of a table that has more than one. */
export function Pager({ rows, page, turn }: Props) {
  const words = texts.value;
  if (rows <= PAGE_ROWS) return null;
  const first = page * PAGE_ROWS + 1;
  const last = Math.min(rows, first + PAGE_ROWS - 1);
  return (
    <div class="pager">
      <button type="button" class="plain" disabled={page === 0} onClick={() => turn(page - 1)}>
        {words.page.before}
      </button>
      <span class="soft">
        {words.page.rowsOf(
          `${first.toLocaleString(words.code)}–${last.toLocaleString(words.code)}`,
          rows.toLocaleString(words.code),
        )}
      </span>
      <button type="button" class="plain" disabled={last >= rows} onClick={() => turn(page + 1)}>
        {words.page.after}
      </button>
    </div>
  );
}
