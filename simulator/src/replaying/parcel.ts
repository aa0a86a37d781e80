import type { RecordedLine } from "./recording.ts";

/** A line on its way: what is sent of it. */
export interface Parcel {
  /** Line of the file. */
  readonly line: number;
  /** Its JSON, shifted in time; or what stood on the line where that is no JSON. */
  readonly text: string;
  /** Whether it can stand in a frame with others; what is no JSON would spoil the whole frame. */
  readonly isJson: boolean;
}

/** What to send of a line, its time shifted; null where nothing of it can be sent. */
export function parcelOf(recorded: RecordedLine, shiftMs: number): Parcel | null {
  if ("fix" in recorded) {
    const { number, fix } = recorded;
    const shifted = shiftMs === 0 ? fix : { ...fix, timestamp: fix.timestamp + shiftMs };
    return { line: number, text: JSON.stringify(shifted), isJson: true };
  }
  const { number, value, text } = recorded;
  if (value !== undefined) return { line: number, text: JSON.stringify(withShift(value, shiftMs)), isJson: true };
  return text === null ? null : { line: number, text, isJson: false };
}

/** Even a bad fix may have a good time. */
function withShift(value: unknown, shiftMs: number): unknown {
  if (typeof value !== "object" || value === null || !("timestamp" in value)) return value;
  return Number.isInteger(value.timestamp) ? { ...value, timestamp: (value.timestamp as number) + shiftMs } : value;
}

/** A frame's text; a parcel that is no JSON is a frame of its own. */
export function encodeParcels(label: string, parcels: readonly Parcel[]): string {
  const [first] = parcels;
  if (parcels.length === 1 && first !== undefined && !first.isJson) return first.text;
  return `{"batch":"${label}","positions":[${parcels.map(({ text }) => text).join(",")}]}`;
}
