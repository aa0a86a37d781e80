import { writeFileSync } from "node:fs";

/** Writes a summary as JSON. @param file where to; `-` for stdout, undefined for nowhere */
export function writeSummary(file: string | undefined, summary: object): void {
  if (file === undefined) return;
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  if (file === "-") process.stdout.write(text);
  else writeFileSync(file, text);
}
