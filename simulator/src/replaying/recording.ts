import { fixTrouble, type WireFix } from "@encounter/core/wire/fix";
import { LINE_LENGTH_MAX, type Line } from "./ndjson-lines.ts";

/** A line that holds a fix. */
interface GoodLine {
  readonly number: number;
  readonly fix: WireFix;
}

/** A line that does not, and why. */
export interface BadLine {
  readonly number: number;
  readonly reason: string;
  /** The line's text, null where it was too long to be kept. */
  readonly text: string | null;
  /** What the line says as JSON; undefined where it is none. */
  readonly value: unknown;
}

export type RecordedLine = GoodLine | BadLine;

/**
 * Reads a line as a fix in the contract's form. Times and places are judged as the devices' door would.
 * @param venueId given instead of the line's own, null to leave it
 */
export function readLine({ number, text }: Line, venueId: string | null): RecordedLine {
  if (text === null) {
    return { number, reason: `longer than ${LINE_LENGTH_MAX} characters`, text, value: undefined };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { number, reason: `not JSON: ${(error as SyntaxError).message}`, text, value: undefined };
  }
  const fix = venueId !== null && isObject(value) ? { ...value, venue_id: venueId } : value;
  const reason = fixTrouble(fix);
  return reason === null ? { number, fix: fix as WireFix } : { number, reason, text, value: fix };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
