/** Rows as RFC 4180 has them, with a head; `""` for none. */
export function csvOf(rows: readonly object[]): string {
  if (rows.length === 0) return "";
  const columns = Object.keys(rows[0]!);
  const lines = rows.map((row) => columns.map((column) => csvCell((row as Record<string, unknown>)[column])));
  return [columns, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** A text that a spreadsheet would take for a formula is kept from being one. */
function csvCell(value: unknown): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
