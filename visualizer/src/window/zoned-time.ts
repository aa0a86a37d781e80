const formats = new Map<string, Intl.DateTimeFormat>();

/** A format in a time zone; in UTC where the zone is unknown here. */
function formatOf(timeZone: string, language: string, name: string, parts: Intl.DateTimeFormatOptions) {
  const key = `${name} ${timeZone} ${language}`;
  let format = formats.get(key);
  if (format === undefined) {
    const locale = localeFor(language);
    try {
      format = new Intl.DateTimeFormat(locale, { ...parts, timeZone });
    } catch {
      format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
    }
    formats.set(key, format);
  }
  return format;
}

/** English as in Europe: the day comes first, as it does elsewhere, and zones have their names. */
function localeFor(language: string): string {
  return language === "en" ? "en-GB" : language;
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const DAY = { weekday: "short", day: "numeric", month: "short" } as const;

/** Hours and minutes. */
export function hourText(timeMs: number, timeZone: string, language: string): string {
  return formatOf(timeZone, language, "hour", CLOCK).format(timeMs);
}

/** Hours, minutes and seconds. */
export function clockText(timeMs: number, timeZone: string, language: string): string {
  return formatOf(timeZone, language, "clock", { ...CLOCK, second: "2-digit" }).format(timeMs);
}

/** A day without its year, such as `Mon 23 Nov`. */
export function dayText(timeMs: number, timeZone: string, language: string): string {
  return formatOf(timeZone, language, "weekday", DAY).format(timeMs);
}

/** Day, month, hours and minutes. */
export function dayTimeText(timeMs: number, timeZone: string, language: string): string {
  const day = formatOf(timeZone, language, "day", { day: "numeric", month: "short" }).format(timeMs);
  return `${day} ${hourText(timeMs, timeZone, language)}`;
}

/** A minute with its day and the zone that is meant, such as `Mon 23 Nov, 14:05 CET`. */
export function minuteText(minute: number, timeZone: string, language: string): string {
  const timeMs = minute * 60_000;
  const day = formatOf(timeZone, language, "minute", { ...DAY, ...CLOCK }).format(timeMs);
  return `${day} ${zoneText(timeMs, timeZone, language)}`;
}

/** With the year. */
export function dateTimeText(timeMs: number, timeZone: string, language: string): string {
  return formatOf(timeZone, language, "date", { dateStyle: "medium", timeStyle: "short" }).format(timeMs);
}

/** To the second, with the year and the zone: `22 Nov 2026, 14:05:09 CET`. */
export function momentText(timeMs: number, timeZone: string, language: string): string {
  const format = formatOf(timeZone, language, "moment", { dateStyle: "medium", timeStyle: "medium" });
  return `${format.format(timeMs)} ${zoneText(timeMs, timeZone, language)}`;
}

/** The short name of a time zone at a time, such as `CET` or `GMT+2`. */
export function zoneText(timeMs: number, timeZone: string, language: string): string {
  const parts = formatOf(timeZone, language, "zone", { timeZoneName: "short" }).formatToParts(timeMs);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/** A time as a field for local dates and times holds it, `YYYY-MM-DDTHH:mm`, in a time zone. */
export function localText(timeMs: number, timeZone: string): string {
  const numbers = { year: "numeric", month: "2-digit", day: "2-digit", ...CLOCK } as const;
  const parts = formatOf(timeZone, "en-US", "local", numbers).formatToParts(timeMs);
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The time that a local text of a time zone means, or null. What the clocks leave out in spring is read by the offset
 * of before; of what they show twice in autumn the first counts.
 */
export function readLocal(text: string, timeZone: string): number | null {
  const asUtcMs = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtcMs)) return null;
  const offsets = [-DAY_MS, DAY_MS].map((byMs) => offsetMs(asUtcMs + byMs, timeZone));
  const meant = offsets.map((offset) => asUtcMs - offset).filter((timeMs) => localText(timeMs, timeZone) === text);
  return meant.length > 0 ? Math.min(...meant) : asUtcMs - offsets[0]!;
}

const DAY_MS = 86_400_000;

/** How far the clocks of a zone are ahead of UTC. */
export function offsetMs(timeMs: number, timeZone: string): number {
  const minuteMs = Math.floor(timeMs / 60_000) * 60_000;
  return Date.parse(`${localText(minuteMs, timeZone)}Z`) - minuteMs;
}
