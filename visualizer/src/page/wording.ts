import type { Texts } from "../language/language.ts";

/** An age in the unit one would say it in. */
export function ageText(ageMs: number, words: Texts): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000));
  return seconds < 100 ? words.seconds(seconds) : words.minutes(Math.round(seconds / 60));
}

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const SHORT_CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const SHORT_DAY = { weekday: "short", day: "numeric", month: "short" } as const;

/** Hours, minutes and seconds in a time zone; in UTC where the zone is unknown here. */
export function clockText(timeMs: number, timeZone: string, language: string): string {
  return formatted(timeMs, timeZone, language, CLOCK);
}

/** Hours and minutes. */
export function shortClockText(timeMs: number, timeZone: string, language: string): string {
  return formatted(timeMs, timeZone, language, SHORT_CLOCK);
}

/** A day without its year, such as `Mon, 23 Nov`. */
export function shortDayText(timeMs: number, timeZone: string, language: string): string {
  return formatted(timeMs, timeZone, language, SHORT_DAY);
}

/** A minute with its day and the zone that is meant, such as `Mon, 23 Nov, 14:05 CET`. */
export function minuteText(minute: number, timeZone: string, language: string): string {
  const timeMs = minute * 60_000;
  const day = formatted(timeMs, timeZone, language, { ...SHORT_DAY, ...SHORT_CLOCK });
  return `${day} ${zoneText(timeMs, timeZone, language)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(timeMs: number, timeZone: string, language: string, parts: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone} ${language} ${Object.keys(parts)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = makeFormat(timeZone, localeFor(language), parts);
    formats.set(key, format);
  }
  return format.format(timeMs);
}

function makeFormat(timeZone: string, locale: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
  }
}

/** American English knows no names for European zones, and puts the month first. */
function localeFor(language: string): string {
  return language === "en" ? "en-GB" : language;
}

/** The short name of a time zone at a time, such as `CET` or `GMT+2`. */
export function zoneText(timeMs: number, timeZone: string, language: string): string {
  try {
    const format = new Intl.DateTimeFormat(localeFor(language), { timeZone, timeZoneName: "short" });
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
