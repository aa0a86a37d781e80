const formats = new Map<string, Intl.DateTimeFormat>();

/** A format in a time zone; in UTC where the zone is unknown here. */
function formatOf(timeZone: string, language: string, name: string, parts: Intl.DateTimeFormatOptions) {
  const key = `${name} ${timeZone} ${language}`;
  let format = formats.get(key);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat(language, { ...parts, timeZone });
    } catch {
      format = new Intl.DateTimeFormat(language, { ...parts, timeZone: "UTC" });
    }
    formats.set(key, format);
  }
  return format;
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** Hours and minutes. */
export function hourText(timeMs: number, timeZone: string, language: string): string {
  return formatOf(timeZone, language, "hour", CLOCK).format(timeMs);
}

/** Day, month, hours and minutes. English as in Europe: the day comes first, as it does in every other language. */
export function dayTimeText(timeMs: number, timeZone: string, language: string): string {
  const locale = language === "en" ? "en-GB" : language;
  const day = formatOf(timeZone, locale, "day", { day: "numeric", month: "short" }).format(timeMs);
  return `${day} ${hourText(timeMs, timeZone, language)}`;
}

/** With the year. */
export function dateTimeText(timeMs: number, timeZone: string, language: string): string {
  const locale = language === "en" ? "en-GB" : language;
  return formatOf(timeZone, locale, "date", { dateStyle: "medium", timeStyle: "short" }).format(timeMs);
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
function offsetMs(timeMs: number, timeZone: string): number {
  const minuteMs = Math.floor(timeMs / 60_000) * 60_000;
  return Date.parse(`${localText(minuteMs, timeZone)}Z`) - minuteMs;
}
