import type { IncomingMessage } from "node:http";
import type { AuditLog } from "../audit/audit-log.ts";
import type { Access } from "./access.ts";
import { rightOf } from "./rights.ts";

const ROUTE = "/v1/venues/:venue/live";
const HOUR_MS = 3_600_000;

/** Whether somebody may watch a venue, and how; asked when a socket opens, and again while it is open. */
export type WatchGuard = (request: IncomingMessage, venueId: string) => Promise<{ readonly areNamesShown: boolean }>;

/**
 * Lets viewers pass by the table of rights. Watching with names is written down before the first frame, an entry an
 * hour and case.
 */
export function watchGuard(access: Access, audit: AuditLog, now: () => number): WatchGuard {
  const right = rightOf("GET", ROUTE);
  return async (request, venueId) => {
    const query = new URLSearchParams(/\?([^#]*)/.exec(request.url ?? "")?.[1]);
    const wish = { right, route: `GET ${ROUTE}`, venueId, case: query.get("case") ?? undefined };
    const { principal, venue, case: reference, areNamesShown } = await access.admit(request, wish);
    if (!areNamesShown || venue?.incarnation == null) return { areNamesShown };
    const hour = Math.floor(now() / HOUR_MS);
    const event = { actor: principal.name, action: "read.live" as const, venue, case: reference ?? undefined };
    await audit.write(event, [principal.name, "live", venueId, venue.incarnation, reference ?? "", String(hour)]);
    return { areNamesShown };
  };
}
