import { OPERATOR_NAME, type Role } from "@encounter/core/domain/account";
import type { StoredAccount, VenueRoles } from "../accounts/account-store.ts";

/** Who asks. */
export interface Principal {
  /** As the audit log names it. */
  readonly name: string;
  /** The machine's owner, who has every right; null for an account. */
  readonly account: StoredAccount | null;
  /** Whether a cookie proves it: a browser sends those by itself. */
  readonly isByCookie: boolean;
}

/** The machine's owner. */
export function operator(isByCookie: boolean): Principal {
  return { name: OPERATOR_NAME, account: null, isByCookie };
}

/** What somebody may do in a venue of that incarnation. */
export function rolesIn(account: StoredAccount, venueId: string, incarnation: string): readonly Role[] {
  return venueRolesOf(account, venueId, incarnation)?.roles ?? [];
}

function venueRolesOf(account: StoredAccount, venueId: string, incarnation: string): VenueRoles | undefined {
  return account.roles.find((each) => each.venueId === venueId && each.incarnation === incarnation);
}
