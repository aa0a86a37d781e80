import type { Texts } from "../language/language.ts";

/** An age in the unit one would say it in. */
export function ageText(ageMs: number, words: Texts): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000));
  return seconds < 100 ? words.seconds(seconds) : words.minutes(Math.round(seconds / 60));
}

/** Hours, minutes and seconds in a time zone; in UTC where the zone is unknown here. */
export function clockText(timeMs: number, timeZone: string, language: string): string {
  return clockFormat(timeZone, language).format(timeMs);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function clockFormat(timeZone: string, language: string): Intl.DateTimeFormat {
  const key = `${timeZone} ${language}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = makeFormat(timeZone, language);
    formats.set(key, format);
  }
  return format;
}

function makeFormat(timeZone: string, language: string): Intl.DateTimeFormat {
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat(language, { ...parts, timeZone });
  } catch {
    return new Intl.DateTimeFormat(language, { ...parts, timeZone: "UTC" });
  }
}

/** The short name of a time zone at a time, such as `CET` or `GMT+2`. */
export function zoneText(timeMs: number, timeZone: string, language: string): string {
  try {
    // American English knows no names for European zones.
    const locale = language === "en" ? "en-GB" : language;
    const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" });
    return format.formatToParts(timeMs).find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
  } catch {
    return "UTC";
  }
}

const lengthFormats = new Map<string, Intl.NumberFormat>();

/** Metres with one decimal, without the unit. */
export function metresText(lengthM: number, language: string): string {
  let format = lengthFormats.get(language);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    lengthFormats.set(language, format);
  }
  return format.format(lengthM);
}
