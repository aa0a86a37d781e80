import type { IncomingMessage } from "node:http";
import { caseTrouble, type Role } from "@encounter/core/domain/account";
import { isSameSecret } from "@encounter/core/service/operator-credential";
import type { RedisClient } from "@encounter/core/service/redis";
import type { RefusalTrace } from "@encounter/core/service/refusal-trace";
import { venueRecordKey } from "@encounter/core/storage/keys";
import type { AccountStore } from "../accounts/account-store.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { ApiError, badRequest, noVenue } from "../http/api-error.ts";
import type { Connections } from "./connection.ts";
import { operator, type Principal, rolesIn } from "./principal.ts";
import { type Admitted, type Right, rolesInWords } from "./rights.ts";
import { isSameOrigin } from "./same-origin.ts";
import { cookieOf } from "./session-cookie.ts";
import type { SessionStore } from "./session-store.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** What somebody wants to do. */
export interface Wish {
  readonly right: Right;
  /** The route's pattern: paths hold personal data. */
  readonly route: string;
  readonly venueId: string | null;
  readonly case: string | undefined;
}

/** Somebody who may do what they want to, and how. */
export interface Pass {
  readonly principal: Principal;
  /** The venue that it is about, as it was found; its incarnation is null where there is none. */
  readonly venue: { readonly venueId: string; readonly incarnation: string | null } | null;
  readonly case: string | null;
  /** Whether devices are shown by their own names, or by numbers that mean nothing elsewhere. */
  readonly areNamesShown: boolean;
}

export interface AccessDependencies {
  readonly operatorToken: string;
  readonly redis: RedisClient;
  readonly sessions: SessionStore;
  readonly accounts: AccountStore;
  readonly connections: Connections;
  readonly audit: AuditLog;
  readonly trace: RefusalTrace;
}

/** Decides who somebody is and what they may do: the one place where that is asked. */
export class Access {
  private readonly dependencies: AccessDependencies;

  constructor(dependencies: AccessDependencies) {
    this.dependencies = dependencies;
  }

  /** Whether a text is the operator token, in a time that does not tell how nearly. */
  isToken(text: string): boolean {
    return isSameSecret(text, this.dependencies.operatorToken);
  }

  /** Who sends a request, or null: the bearer of the operator token, or whose session its cookie holds. */
  async identify(request: IncomingMessage): Promise<Principal | null> {
    const { trace } = this.dependencies;
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [, token] = /^Bearer +(.+?) *$/i.exec(authorization) ?? [];
      if (token !== undefined && this.isToken(token)) return operator(false);
      trace.note("wrong credential");
      return null;
    }
    const { connections } = this.dependencies;
    const id = cookieOf("session", request.headers, connections.isSecure(request));
    const principal = id === null ? null : await this.principalOf(id);
    if (principal === null) trace.note(id === null ? "no credential" : "session over");
    return principal;
  }

  private async principalOf(sessionId: string): Promise<Principal | null> {
    const { sessions, accounts } = this.dependencies;
    const owner = await sessions.ownerOf(sessionId);
    if (owner === null) return null;
    if (owner.kind === "operator") return operator(true);
    const account = await accounts.load(owner.name);
    if (account === null || account.generation !== owner.generation) return null;
    return { name: account.name, account, isByCookie: true };
  }

  /** Lets somebody pass who may do what they wish. @throws ApiError 401, 403, 404, or 400 for a case that is missing */
  async admit(request: IncomingMessage, wish: Wish): Promise<Pass> {
    const principal = await this.identify(request);
    if (principal === null) throw unauthorized();
    await this.requireOwnPage(principal, request, wish);
    const venue = await this.venueOf(wish);
    const roles = principal.account === null ? null : this.rolesFor(principal.account, venue);
    if (roles === null) return { principal, venue, case: readCase(wish.case), areNamesShown: true };
    if (venue !== null && roles.length === 0) return this.refuseVenue(principal, wish, venue.venueId);
    if (!mayBe(wish.right.may, roles)) return this.refuseRole(principal, wish, venue);
    return { principal, venue, ...tracing(wish, roles) };
  }

  private rolesFor(account: NonNullable<Principal["account"]>, venue: Pass["venue"]): readonly Role[] {
    if (venue === null) return [...new Set(account.roles.flatMap(({ roles }) => roles))];
    return venue.incarnation === null ? [] : rolesIn(account, venue.venueId, venue.incarnation);
  }

  private async venueOf({ venueId }: Wish): Promise<Pass["venue"]> {
    if (venueId === null) return null;
    return { venueId, incarnation: await this.dependencies.redis.hget(venueRecordKey(venueId), "incarnation") };
  }

  /** A browser sends its cookie for other sites' pages, too: those may change nothing, and watch nothing. */
  private async requireOwnPage(principal: Principal, request: IncomingMessage, { route }: Wish): Promise<void> {
    const isWatching = request.headers.upgrade !== undefined;
    if (!principal.isByCookie || (SAFE_METHODS.has(request.method ?? "") && !isWatching)) return;
    const { connections, audit } = this.dependencies;
    if (isSameOrigin(request.headers, connections.isSecure(request))) return;
    const { name: actor } = principal;
    await audit.note({ actor, action: "refused.origin", detail: { route } }, [actor, "origin", route]);
    throw new ApiError(403, "forbidden", "a signed-in browser may do this only from this service's own pages");
  }

  /** The answer is the one for a venue that does not exist: that there is one is nobody else's business. */
  private async refuseVenue({ name: actor }: Principal, { route }: Wish, venueId: string): Promise<never> {
    await this.dependencies.audit.note({ actor, action: "refused.venue", detail: { route } }, [actor, "venue", route]);
    throw noVenue(venueId);
  }

  private async refuseRole({ name: actor }: Principal, { right, route }: Wish, venue: Pass["venue"]): Promise<never> {
    const event = { actor, action: "refused.role" as const, venue: venue ?? undefined, detail: { route } };
    await this.dependencies.audit.note(event, [actor, "role", venue?.venueId ?? "", route]);
    throw new ApiError(403, "forbidden", `this is for ${rolesInWords(right.may)}: ask an administrator of the venue`);
  }
}

function mayBe(may: Admitted, roles: readonly Role[]): boolean {
  if (may === "signed in" || may === "member") return true;
  return may !== "owner" && may.some((role) => roles.includes(role));
}

/** How an account with these roles is answered. @throws ApiError where it must say for which case it traces */
function tracing({ right, case: given }: Wish, roles: readonly Role[]): Pick<Pass, "case" | "areNamesShown"> {
  const reference = readCase(given);
  const isTracer = roles.includes("tracer");
  if (right.audit?.startsWith("read.") !== true) return { case: reference, areNamesShown: isTracer };
  if (isTracer && reference !== null) return { case: reference, areNamesShown: true };
  const mayWatch = typeof right.may === "object" && right.may.includes("viewer") && roles.includes("viewer");
  if (mayWatch) return { case: null, areNamesShown: false };
  throw badRequest("say for which case you trace: add ?case= with its reference, 1 to 128 characters");
}

function readCase(given: string | undefined): string | null {
  if (given === undefined) return null;
  const trouble = caseTrouble(given);
  if (trouble !== null) throw badRequest(`case ${trouble}`);
  return given;
}

/** The answer to who has not proved to be anybody we know. */
export function unauthorized(): ApiError {
  return new ApiError(
    401,
    "unauthorized",
    "send the operator token (Authorization: Bearer <token>) or sign in on the map",
    { "www-authenticate": 'Bearer realm="encounter"' },
  );
}
