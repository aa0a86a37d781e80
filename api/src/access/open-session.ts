import type { RefusalTrace } from "@encounter/core/service/refusal-trace";
import type { FastifyRequest } from "fastify";
import { ApiError } from "../http/api-error.ts";
import type { Connections } from "./connection.ts";
import { isCrossSite } from "./same-origin.ts";
import { sessionCookie } from "./session-cookie.ts";
import type { SessionOwner, SessionStore } from "./session-store.ts";

/** What opening sessions takes. */
interface Doorway {
  readonly connections: Connections;
  readonly sessions: SessionStore;
  readonly trace: RefusalTrace;
}

/** Starts a session; returns the header that gives it to the browser. */
export async function openSession(
  { connections, sessions }: Doorway,
  { raw }: FastifyRequest,
  owner: SessionOwner,
): Promise<string> {
  return sessionCookie(await sessions.start(owner), connections.isSecure(raw));
}

/** Lets nobody sign in or out from another site's page, nor where others could listen. @throws ApiError 403 */
export function requireOwnPage({ connections, trace }: Doorway, { headers, raw }: FastifyRequest): void {
  if (!connections.isPrivate(raw)) {
    throw new ApiError(403, "forbidden", "sign in over https: what is sent here could be read on the way");
  }
  if (!isCrossSite(headers, connections.isSecure(raw))) return;
  trace.note("other origin");
  throw new ApiError(403, "forbidden", "do this from this service's own pages");
}
