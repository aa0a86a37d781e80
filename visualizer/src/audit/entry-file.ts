import { csvOf } from "../take-away/csv.ts";
import type { AuditEntry } from "./audit-calls.ts";

/** Entries as a table for other programs: names as the api has them, times ISO 8601 in UTC. */
export function entriesAsCsv(entries: readonly AuditEntry[]): string {
  return csvOf(
    entries.map(({ seq, at, actor, action, venue_id, case: reference, device, detail }) => ({
      seq,
      at: new Date(at).toISOString(),
      actor,
      action,
      venue_id: venue_id ?? "",
      case: reference ?? "",
      device: device ?? "",
      detail: Object.keys(detail).length === 0 ? "" : JSON.stringify(detail),
    })),
  );
}
