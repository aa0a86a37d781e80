import { readFileSync } from "node:fs";
import { UsageError } from "../options/usage-error.ts";

/**
 * Reads a file of gateway keys: either one key alone, or a line `VENUE KEY` for each venue.
 * @returns keys by venue; a key alone is under the only venue
 */
export function readKeyFile(file: string, venueIds: readonly string[]): Map<string, string> {
  const lines = readText(file)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const filled = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (filled.length === 1 && !/\s/.test(filled[0]!)) return oneKey(filled[0]!, venueIds);
  const keys = new Map(filled.map((line) => splitAtLastSpace(line)));
  for (const venueId of venueIds)
    if (!keys.has(venueId)) throw new UsageError(`${file} has no key for venue ${venueId}`);
  return keys;
}

/** A single key for a single venue. */
export function oneKey(key: string, venueIds: readonly string[]): Map<string, string> {
  const [venueId] = venueIds;
  if (venueId === undefined || venueIds.length > 1) {
    throw new UsageError(
      `a key belongs to one venue, but there are ${venueIds.length}: give --key-file with a line "VENUE KEY" for each`,
    );
  }
  return new Map([[venueId, key]]);
}

/** The operator token: given by file, by environment, or as `npm start` left it in its data folder; null for none. */
export function findOperatorToken(file: string | undefined, environmentToken: string | undefined): string | null {
  if (file !== undefined) return readText(file).trim();
  if (environmentToken !== undefined && environmentToken !== "") return environmentToken;
  try {
    return readFileSync(".data/operator-token", "utf8").trim();
  } catch {
    return null;
  }
}

function splitAtLastSpace(line: string): [string, string] {
  const at = line.search(/\s\S+$/);
  return [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1)];
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}
