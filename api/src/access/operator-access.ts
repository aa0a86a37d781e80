import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import { ApiError } from "../http/api-error.ts";
import { isSameOrigin } from "./same-origin.ts";
import { sessionIdOf } from "./session-cookie.ts";
import type { SessionStore } from "./session-store.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** How a request proves to come from an operator. */
type Proof = "token" | "session" | null;

/** Decides who is an operator: who sends the operator token, or has a session from the map's sign-in. */
export class OperatorAccess {
  private readonly tokenDigest: Buffer;
  private readonly sessions: SessionStore;

  constructor(operatorToken: string, sessions: SessionStore) {
    this.tokenDigest = digest(operatorToken);
    this.sessions = sessions;
  }

  /** Whether a text is the operator token, in a time that does not tell how nearly. Limits on guessing belong here. */
  isToken(text: string): boolean {
    return timingSafeEqual(digest(text), this.tokenDigest);
  }

  /** Lets operators pass. @throws ApiError for everybody else */
  readonly require = async (request: FastifyRequest): Promise<void> => {
    const proof = await this.proofOf(request.headers);
    if (proof === null) throw unauthorized();
    if (proof === "token" || SAFE_METHODS.has(request.method) || isSameOrigin(request.headers)) return;
    throw new ApiError(403, "forbidden", "a signed-in browser may do this only from this service's own pages");
  };

  /** Whether a WebSocket may open; a browser's must come from one of our own pages. */
  readonly admits = async (request: IncomingMessage): Promise<boolean> => {
    const proof = await this.proofOf(request.headers);
    return proof === "token" || (proof === "session" && isSameOrigin(request.headers));
  };

  private async proofOf(headers: IncomingHttpHeaders): Promise<Proof> {
    if (headers.authorization !== undefined) {
      const [, token] = /^Bearer +(.+?) *$/i.exec(headers.authorization) ?? [];
      return token !== undefined && this.isToken(token) ? "token" : null;
    }
    const id = sessionIdOf(headers);
    return id !== null && (await this.sessions.isOpen(id)) ? "session" : null;
  }
}

/** The answer to who has not proved to be an operator. */
export function unauthorized(): ApiError {
  return new ApiError(
    401,
    "unauthorized",
    "send the operator token (Authorization: Bearer <token>) or sign in on the map",
    {
      "www-authenticate": 'Bearer realm="encounter"',
    },
  );
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
