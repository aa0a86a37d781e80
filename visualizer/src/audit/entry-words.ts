import type { Texts } from "../language/language.ts";
import type { Venue } from "../server/venues.ts";
import { momentText } from "../window/zoned-time.ts";
import type { AuditEntry } from "./audit-calls.ts";

/** An entry as people read it. */
export interface EntryWords {
  readonly time: string;
  readonly actor: string;
  readonly action: string;
  readonly venue: string;
  readonly case: string;
  /** The whole hash. */
  readonly device: string;
  readonly detail: string;
}

/** Says an entry in words; its times are of its venue's zone, else UTC. */
export function entryWords(entry: AuditEntry, venues: readonly Venue[], words: Texts): EntryWords {
  const venue = venues.find(({ venue_id }) => venue_id === entry.venue_id);
  const zone = venue?.time_zone ?? "UTC";
  const { operator, nobody, actions } = words.audit;
  return {
    time: momentText(entry.at, zone, words.code),
    actor: entry.actor === "operator" ? operator : entry.actor === "nobody" ? nobody : entry.actor,
    action: actions[entry.action as keyof typeof actions] ?? entry.action,
    venue: venue?.name ?? entry.venue_id ?? "",
    case: entry.case ?? "",
    device: entry.device ?? "",
    detail: detailWords(entry.detail, zone, words),
  };
}

function detailWords(detail: AuditEntry["detail"], zone: string, words: Texts): string {
  const names: Readonly<Record<string, string>> = words.audit.details;
  return Object.entries(detail)
    .map(([name, value]) => `${names[name] ?? name}: ${valueWords(name, value, zone, words)}`)
    .join("; ");
}

function valueWords(name: string, value: unknown, zone: string, words: Texts): string {
  if (name === "roles") return roleWords(value, words);
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  // Windows are in ms, or as they were typed.
  const timeMs = name === "from" || name === "to" ? Number(value) : Number.NaN;
  return Number.isFinite(timeMs) && timeMs >= 0 && timeMs < 8e15 ? momentText(timeMs, zone, words.code) : String(value);
}

/** Roles of one venue, or of several by their ids. */
function roleWords(value: unknown, words: Texts): string {
  const names: Readonly<Record<string, string>> = words.access.roles;
  if (Array.isArray(value))
    return value.length === 0 ? words.audit.noRole : value.map((role) => names[role]).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([venueId, roles]) => `${venueId} (${roleWords(roles, words)})`)
    .join(", ");
}
