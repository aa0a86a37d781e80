/** Prints a part's heading and what was measured on what. */
export function heading(title: string, notes: readonly string[]): void {
  console.log(`\n${title}`);
  for (const note of notes) console.log(`  ${note}`);
}

/** Prints rows of cells below their headings, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
    );
  console.log(`  ${line(headings).join("  ")}`);
  for (const row of rows) console.log(`  ${line(row).join("  ")}`);
}

/** Says what a figure should be and whether it is. Nothing fails where it is not: machines differ. */
export function atMost(figure: number, limit: number): string {
  return `<= ${limit}: ${figure <= limit ? "holds" : "MISSED"}`;
}

/** {@link atMost}, for figures that should be large. */
export function atLeast(figure: number, limit: number): string {
  return `>= ${limit}: ${figure >= limit ? "holds" : "MISSED"}`;
}

/** A number for people: about three digits, thousands set apart. */
export function short(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString("en");
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
