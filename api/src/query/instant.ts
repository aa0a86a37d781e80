import { badRequest } from "../http/api-error.ts";

const ISO_8601 = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?(?:Z|([+\- ])(\d{2}):?(\d{2})?)$/i;
const TIME_MS_MAX = 8.64e15;

/**
 * Reads a time: ms since the epoch, or ISO 8601 with an offset. A blank before the offset's hours is read as the plus
 * sign that a URL turns into one.
 * @throws ApiError naming the parameter
 */
export function readInstant(name: string, text: string): number {
  const timeMs = /^\d+$/.test(text) ? Number(text) : readIso(text);
  if (timeMs === null || timeMs > TIME_MS_MAX || timeMs < 0) {
    throw badRequest(
      `${name} must be a time since 1970: whole milliseconds since the epoch, or ISO 8601 with an offset, ` +
        "such as 2020-04-24T10:00:00+02:00",
    );
  }
  return timeMs;
}

function readIso(text: string): number | null {
  const parts = ISO_8601.exec(text);
  if (parts === null) return null;
  const [, date, minutes, seconds, sign, offsetHours, offsetMinutes] = parts;
  const local = `${date}T${minutes}${seconds?.replace(",", ".") ?? ":00"}Z`;
  const localMs = Date.parse(local);
  // A day that its month does not have would count into the next month.
  if (Number.isNaN(localMs) || !new Date(Date.parse(`${date}T00:00Z`)).toISOString().startsWith(`${date}`)) return null;
  if (offsetHours === undefined) return localMs;
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes ?? 0);
  if (Number(offsetHours) > 23 || Number(offsetMinutes ?? 0) > 59) return null;
  return localMs - (sign === "-" ? -offset : offset) * 60_000;
}
