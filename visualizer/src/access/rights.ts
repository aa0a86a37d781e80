import type { Role } from "@encounter/core/domain/account";
import type { SessionInfo } from "@encounter/core/wire/accounts";

/** Whoever has every right. A server that knows no accounts lets nobody else in. */
export const OWNER: SessionInfo = { name: "operator", operator: true, has_password: false, has_totp: false, roles: {} };

/** What whoever is signed in may do in a venue; the server has the last word. */
export interface Rights {
  readonly roles: readonly ("operator" | Role)[];
  /** See the map. */
  readonly watch: boolean;
  /** Read contacts and see names: for a case, unless it is the machine's owner. */
  readonly trace: boolean;
  readonly needsCase: boolean;
  readonly manage: boolean;
  /** Read the audit log. */
  readonly audit: boolean;
}

export function rightsIn(session: SessionInfo, venueId: string | null): Rights {
  if (session.operator) {
    return { roles: ["operator"], watch: true, trace: true, needsCase: false, manage: true, audit: true };
  }
  const roles = (venueId === null ? undefined : session.roles[venueId]) ?? [];
  const trace = roles.includes("tracer");
  return {
    roles,
    watch: trace || roles.includes("viewer"),
    trace,
    needsCase: trace,
    manage: roles.includes("admin"),
    audit: roles.includes("auditor"),
  };
}
