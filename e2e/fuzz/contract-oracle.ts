/**
 * What the devices' door must answer, written anew from the contract's words for the fuzz alone: it shares no line
 * with what it judges.
 */
export type Expected =
  | { readonly badFrame: true }
  | { readonly badFrame: false; readonly batch: string | null; readonly outcomes: readonly string[] };

export interface Sender {
  readonly venueId: string;
  /** The one device, or null for any. */
  readonly deviceId: string | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** One venue's memory of which device has had its fix in which minute. */
export class ContractOracle {
  private readonly had = new Set<string>();
  private readonly maxAccuracyM: number;
  private readonly retentionDays: number;

  constructor({ maxAccuracyM, retentionDays }: { maxAccuracyM: number; retentionDays: number }) {
    this.maxAccuracyM = maxAccuracyM;
    this.retentionDays = retentionDays;
  }

  /** How many fixes must be stored by now. */
  get acceptedCount(): number {
    return this.had.size;
  }

  /** Reads a frame's text and remembers what it accepts. */
  read(text: string, sender: Sender, nowMs: number): Expected {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return { badFrame: true };
    }
    if (value === null || typeof value !== "object") return { badFrame: true };
    const batch = this.batchOf(value);
    const fixes = Array.isArray(value) ? value : batch === null ? [value] : batch.fixes;
    if (fixes.length > 1_000) return { badFrame: true };
    return {
      badFrame: false,
      batch: batch?.label ?? null,
      outcomes: fixes.map((fix) => this.outcomeOf(fix, sender, nowMs)),
    };
  }

  /** The contract's last form; one without a label is taken for it, too ("`batch` is null where none was given"). */
  private batchOf(value: object): { label: string | null; fixes: unknown[] } | null {
    const label = own(value, "batch") ?? null;
    const fixes = own(value, "positions");
    if (Array.isArray(value) || !Array.isArray(fixes)) return null;
    return label === null || (typeof label === "string" && label.length <= 64) ? { label, fixes } : null;
  }

  outcomeOf(fix: unknown, sender: Sender, nowMs: number): string {
    const device = own(fix, "device_id");
    const venue = own(fix, "venue_id");
    const time = own(fix, "timestamp");
    const position = own(fix, "position");
    const latitude = own(position, "latitude");
    const longitude = own(position, "longitude");
    const accuracy = own(position, "accuracy");
    const floor = isObject(position) && Object.hasOwn(position, "floor") ? own(position, "floor") : 0;
    const isFix =
      isId(device) &&
      isId(venue) &&
      isWhole(time, 0, Number.MAX_VALUE) &&
      isWithin(latitude, -85.05112878, 85.05112878) &&
      isWithin(longitude, -180, 180) &&
      isWithin(accuracy, 0, Number.MAX_VALUE) &&
      isWhole(floor, -100, 1000);
    if (!isFix) return "invalid";
    if (venue !== sender.venueId || (sender.deviceId !== null && device !== sender.deviceId)) return "forbidden";
    if (time - nowMs > 2 * MINUTE_MS) return "early";
    if (nowMs - time > this.retentionDays * DAY_MS) return "late";
    if (accuracy > this.maxAccuracyM) return "inaccurate";
    const place = `${Math.floor(time / MINUTE_MS)} ${device}`;
    if (this.had.has(place)) return "repeated";
    this.had.add(place);
    return "accepted";
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value >= low && value <= high;
}

function isWhole(value: unknown, low: number, high: number): value is number {
  return isWithin(value, low, high) && value % 1 === 0;
}

function isId(value: unknown): value is string {
  if (typeof value !== "string" || value.length < 1 || value.length > 128 || /^\.\.?$/.test(value)) return false;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return false;
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = value.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    i += 1;
  }
  return true;
}
