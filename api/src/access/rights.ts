import type { Role } from "@encounter/core/domain/account";
import type { AuditAction } from "@encounter/core/domain/audit-action";

/**
 * Who may make a call. `signed in`: everybody who is, whatever the role; `member`: whoever has a role in the venue;
 * `owner`: the machine's owner alone. The machine's owner may make every call.
 */
export type Admitted = readonly Role[] | "signed in" | "member" | "owner";

export interface Right {
  readonly may: Admitted;
  /**
   * As what it is written to the audit log before the answer leaves; absent where it is not. Those that begin with
   * `read.` need a case of whoever traces.
   */
  readonly audit?: AuditAction;
}

const tracer: readonly Role[] = ["tracer"];
/** Who only watches sees numbers in place of devices' names: of the live map, and of past minutes. */
const watching: readonly Role[] = ["viewer", "tracer"];
const admin: readonly Role[] = ["admin"];

/** Every call of the operators' door that is not open to all. A route that is not here does not start. */
export const RIGHTS: Readonly<Record<string, Right>> = {
  "GET /v1/config": { may: "signed in" },
  "GET /v1/base.pmtiles": { may: "signed in" },
  "GET /v1/session": { may: "signed in" },
  "PUT /v1/session/password": { may: "signed in", audit: "password.set" },
  "POST /v1/session/second-factor": { may: "signed in" },
  "PUT /v1/session/second-factor": { may: "signed in", audit: "second-factor.set" },
  "DELETE /v1/session/second-factor": { may: "signed in", audit: "second-factor.end" },
  "GET /v1/venues": { may: "signed in" },

  "GET /v1/venues/:venue": { may: "member" },
  "GET /v1/venues/:venue/plan": { may: ["viewer", "tracer", "admin"] },
  "GET /v1/venues/:venue/status": { may: ["viewer", "tracer", "admin"] },
  "GET /v1/venues/:venue/activity": { may: watching },
  "GET /v1/venues/:venue/live": { may: watching, audit: "read.live" },
  "GET /v1/venues/:venue/minutes/:minute": { may: watching, audit: "read.minutes" },
  "GET /v1/venues/:venue/minutes/:minute/frame": { may: watching, audit: "read.minutes" },

  "GET /v1/venues/:venue/devices": { may: tracer, audit: "list.devices" },
  "GET /v1/venues/:venue/devices/:device/fixes": { may: tracer, audit: "read.fixes" },
  "GET /v1/venues/:venue/devices/:device/contacts": { may: tracer, audit: "read.contacts" },
  "GET /v1/venues/:venue/contacts": { may: tracer, audit: "read.venue-contacts" },

  "PUT /v1/venues/:venue": { may: admin, audit: "venue.put" },
  "PUT /v1/venues/:venue/plan": { may: admin, audit: "plan.put" },
  "GET /v1/venues/:venue/keys": { may: admin },
  "POST /v1/venues/:venue/keys": { may: admin, audit: "key.create" },
  "DELETE /v1/venues/:venue/keys/:id": { may: admin, audit: "key.delete" },
  "POST /v1/venues/:venue/invites": { may: admin, audit: "invite.create" },
  "POST /v1/venues/:venue/devices/:device/token": { may: admin, audit: "token.create" },
  "DELETE /v1/venues/:venue/devices/:device/token": { may: admin, audit: "token.delete" },
  "DELETE /v1/venues/:venue/devices/:device": { may: admin, audit: "device.erase" },
  "GET /v1/venues/:venue/erasures": { may: ["admin", "auditor"] },
  "GET /v1/venues/:venue/erasures/:id": { may: ["admin", "auditor"] },
  "GET /v1/venues/:venue/accounts": { may: admin },
  "PUT /v1/venues/:venue/accounts/:account": { may: admin, audit: "account.roles" },
  "POST /v1/venues/:venue/accounts/:account/link": { may: admin, audit: "account.link" },

  /** In any venue: an auditor is answered of those alone in which they are one. */
  "GET /v1/audit": { may: ["auditor"] },
  "GET /v1/audit/verification": { may: ["auditor"] },
  "GET /v1/audit/chain": { may: "owner" },

  "DELETE /v1/venues/:venue": { may: "owner", audit: "venue.delete" },
  "GET /v1/accounts": { may: "owner" },
  "PUT /v1/accounts/:account": { may: "owner", audit: "account.put" },
  "DELETE /v1/accounts/:account": { may: "owner", audit: "account.delete" },
  "POST /v1/accounts/:account/link": { may: "owner", audit: "account.link" },
  "POST /v1/sign-in-links": { may: "owner", audit: "sign-in-link.create" },
  "GET /metrics": { may: "owner" },
};

/** The right of a call. @throws Error for one that the table does not name */
export function rightOf(method: string, route: string): Right {
  const right = RIGHTS[`${method === "HEAD" ? "GET" : method} ${route}`];
  if (right === undefined) throw new Error(`who may ${method} ${route}? Say it in rights.ts`);
  return right;
}

/** Who may make a call, in words for whoever reads the description. */
export function rightInWords({ may, audit }: Right): string {
  const needsCase = audit?.startsWith("read.") === true;
  return `**For** ${rolesInWords(may)}.${needsCase ? " A tracer states the case, `?case=`." : ""}`;
}

/** Roles in words. */
export function rolesInWords(may: Admitted): string {
  if (may === "signed in") return "whoever is signed in";
  if (may === "member") return "whoever has a role in the venue";
  if (may === "owner") return "the machine's owner (operator token)";
  return may.join(" or ");
}
