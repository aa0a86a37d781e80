import { UsageError } from "./usage-error.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole number within bounds. @throws UsageError that names them */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isInteger(number) || number < least || number > most) {
    throw new UsageError(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}

/** A number within bounds. @throws UsageError that names them */
export function numberWithin(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= least && number <= most)) {
    throw new UsageError(`--${name} is a number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}

/** A length of time such as `90s`, `10m`, `1.5h`, in ms; a bare number is seconds. @throws UsageError */
export function durationMs(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  if (match === null) throw new UsageError(`--${name} is a time such as 90s, 10m or 2h, not "${text}"`);
  return Number(match[1]) * UNIT_MS[match[2] ?? "s"]!;
}

/** A moment in ms since the Unix epoch: `-60m` before now, ms, or ISO 8601 with an offset. @throws UsageError */
export function momentMs(name: string, text: string, nowMs: number): number {
  if (/^-\d/.test(text)) return Math.round(nowMs - durationMs(name, text.slice(1)));
  if (/^\d{9,}$/.test(text)) return Number(text);
  const parsed = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(parsed)) {
    throw new UsageError(`--${name} is a moment such as -60m, 2026-03-01T08:00:00Z or ms since 1970, not "${text}"`);
  }
  return parsed;
}

/** A speed: a factor, or `max` for Infinity. @throws UsageError */
export function speedFactor(name: string, text: string): number {
  if (text === "max") return Infinity;
  const factor = Number(text);
  if (text.trim() === "" || !(factor > 0))
    throw new UsageError(`--${name} is a factor such as 60, or max, not "${text}"`);
  return factor;
}

/** `LONGITUDE,LATITUDE` in degrees. @throws UsageError */
export function longitudeAndLatitude(name: string, text: string): { longitude: number; latitude: number } {
  const [longitude = Number.NaN, latitude = Number.NaN, ...more] = text
    .split(",")
    .map((part) => Number(part.trim() || "x"));
  if (more.length > 0 || !(Math.abs(longitude) <= 180) || !(Math.abs(latitude) <= 85)) {
    throw new UsageError(`--${name} is LONGITUDE,LATITUDE in degrees such as 8.55,47.37, not "${text}"`);
  }
  return { longitude, latitude };
}

/** `NAME=VALUE` pairs as an object; a value is read as JSON where it is JSON, else as text. @throws UsageError */
export function settingsObject(name: string, texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new UsageError(`--${name} is NAME=VALUE such as max_accuracy=10, not "${text}"`);
      return [text.slice(0, at), jsonOrText(text.slice(at + 1))];
    }),
  );
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
