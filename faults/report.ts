import type { Result } from "./run-scenario.ts";

const HEADER = [
  "scenario",
  "accepted",
  "unknown",
  "lost",
  "contacts",
  "differing",
  "recovery",
  "verdict",
  "what it did",
];

/** The results as a table. */
export function table(results: readonly Result[]): string {
  const rows = [HEADER, ...results.map(rowOf)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const isNumber = (column: number) => column >= 1 && column <= 6;
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

function rowOf({
  scenario,
  accepted,
  unknown,
  lost,
  contacts,
  differingContacts,
  recoveryS,
  verdict,
  notes,
}: Result): string[] {
  const measured = recoveryS === null ? "-" : `${recoveryS.toFixed(1)} s`;
  const did = [scenario.about, ...notes].join("; ");
  const counts = [accepted, unknown, lost, contacts, differingContacts].map(String);
  return [scenario.name, ...(verdict === "skipped" ? counts.map(() => "-") : counts), measured, verdict, did];
}

/** What failed and how to have it again. */
export function failureText({ scenario, seed, troubles }: Result): string {
  const lines = troubles.map((trouble) => `  ${trouble.trimEnd().replaceAll("\n", "\n    ")}`);
  return [
    `${scenario.name} FAILED: ${scenario.about}`,
    ...lines,
    `  again: npm run faults -- --only ${scenario.name} --seed ${seed}`,
  ].join("\n");
}
