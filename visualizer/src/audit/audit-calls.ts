import type { AuditEntryShown, AuditPage, AuditVerdict } from "@encounter/core/wire/audit";
import { getJson } from "../server/requests.ts";

export type AuditEntry = AuditEntryShown;

/** Which entries are asked for; `""` is any. */
export interface AuditFilter {
  readonly venueId: string;
  /** Of this kind, or of all that begin so where it ends with a point. */
  readonly action: string;
  /** About this device of the venue, by its own id. */
  readonly deviceId: string;
}

// All of these throw SignedOut, Refused or Unreachable.

/** A page of the log, the newest first. @param cursor where the page before ended, null for the first */
export function fetchAudit(
  { venueId, action, deviceId }: AuditFilter,
  cursor: string | null,
  limit: number,
): Promise<AuditPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (venueId !== "") query.set("venue", venueId);
  if (action !== "") query.set("action", action);
  if (deviceId !== "") query.set("device", deviceId);
  if (cursor !== null) query.set("cursor", cursor);
  return getJson<AuditPage>(`/v1/audit?${query}`);
}

/** Whether the log was altered or cut. */
export function fetchVerdict(): Promise<AuditVerdict> {
  return getJson<AuditVerdict>("/v1/audit/verification");
}
