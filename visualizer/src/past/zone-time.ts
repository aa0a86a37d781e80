/** Wall-clock time in a time zone. */

const WALL = /^(\d{4,6})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;
const DAY_MS = 86_400_000;

/** What clocks in a zone show at a time, as `YYYY-MM-DDTHH:MM`, which is what a browser's date field takes. */
export function wallText(timeMs: number, timeZone: string): string {
  return new Date(wallMs(timeMs, timeZone)).toISOString().slice(0, 16);
}

/**
 * The time at which clocks in a zone show `YYYY-MM-DDTHH:MM`; the earlier where they show it twice, the time after
 * the gap where they never do. Null where the text is no such time.
 */
export function timeOfWall(text: string, timeZone: string): number | null {
  if (!WALL.test(text)) return null;
  const wanted = Date.parse(`${text}:00Z`);
  if (Number.isNaN(wanted)) return null;
  // The offset in force is one of those a day before and a day after; the greater gives the earlier time.
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((timeMs) => wallMs(timeMs, timeZone) - timeMs);
  const candidates = offsets.map((offsetMs) => wanted - offsetMs).sort((a, b) => a - b);
  return candidates.find((timeMs) => wallMs(timeMs, timeZone) === wanted) ?? candidates[1]!;
}

/** The zone's wall clock at a time, to the second, as if it were UTC. */
function wallMs(timeMs: number, timeZone: string): number {
  const parts = formatFor(timeZone).formatToParts(timeMs);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = makeFormat(timeZone);
  formats.set(timeZone, made);
  return made;
}

/** In UTC where the zone is unknown here. */
function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  const parts = {
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
    hourCycle: "h23",
  } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...parts, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...parts, timeZone: "UTC" });
  }
}
