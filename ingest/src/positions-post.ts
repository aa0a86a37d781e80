import { isUtf8 } from "node:buffer";
import type { CredentialCache } from "@encounter/core/service/credential-cache";
import type { Grant } from "@encounter/core/service/credential-store";
import { FRAME_BYTES_MAX, parseFrame } from "@encounter/core/wire/frame";
import { encodeFrameError, encodeReply, type FrameResult } from "@encounter/core/wire/reply";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bearerOf } from "./bearer.ts";
import { BusyError, type FixWriter, UnknownError, VenueGoneError } from "./fix-writer.ts";
import { POSITIONS_PATH } from "./positions-socket.ts";

export interface PositionsPostDependencies {
  readonly writer: FixWriter;
  readonly credentials: CredentialCache;
  readonly epoch: () => string | null;
  readonly takeRate: (grant: Grant, count: number) => boolean;
  readonly onAnswered: (result: FrameResult, latencyMs: number) => void;
  readonly onFrameError: (code: "bad_frame" | "busy" | "unknown") => void;
  readonly now: () => number;
}

/** The HTTP half of the devices' door: a body is a frame, the answer is the socket's. */
export async function positionsPost(app: FastifyInstance, dependencies: PositionsPostDependencies): Promise<void> {
  const { writer, credentials, epoch, takeRate, onAnswered, onFrameError, now } = dependencies;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: FRAME_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );

  const badFrame = (reply: FastifyReply, message: string) => {
    onFrameError("bad_frame");
    return sendJson(reply, 400, encodeFrameError({ code: "bad_frame", message }, null));
  };

  // Before the body is read: whoever may not send makes nobody hold a megabyte for it.
  const grants = new WeakMap<FastifyRequest, Grant>();
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const token = bearerOf(request.raw);
    const grant = token === null ? null : await grantOrUnavailable(credentials, token);
    if (grant === "unavailable") return sendRetry(reply, null, "busy", 2_000);
    if (grant === null) return unauthorized(reply);
    grants.set(request, grant);
  };

  app.post(POSITIONS_PATH, { bodyLimit: FRAME_BYTES_MAX, onRequest }, async (request, reply) => {
    const grant = grants.get(request) as Grant;
    const body = request.body as Buffer | undefined;
    if (body === undefined) return badFrame(reply, "the body is empty: send a fix, an array of fixes or a batch");
    if (!isUtf8(body)) return badFrame(reply, "the body is not UTF-8");
    const frame = parseFrame(body.toString("utf8"));
    if ("trouble" in frame) return badFrame(reply, frame.trouble);
    if (!takeRate(grant, Math.max(1, frame.fixes.length))) {
      return sendError(reply.header("Retry-After", "10"), 429, "rate", "too many fixes for this credential: slow down");
    }
    const startedMs = now();
    try {
      if (epoch() === null) throw new BusyError("the store is away");
      const result = await writer.store(grant, frame.batch, frame.fixes, body.length);
      const known = epoch();
      if (known === null) throw new UnknownError("the store went away");
      onAnswered(result, now() - startedMs);
      return sendJson(reply, 200, encodeReply(result, known));
    } catch (error) {
      if (error instanceof VenueGoneError) return unauthorized(reply);
      if (!(error instanceof BusyError || error instanceof UnknownError)) throw error;
      const code = error instanceof BusyError ? "busy" : "unknown";
      onFrameError(code);
      return sendRetry(reply, frame.batch, code, error.retryAfterMs);
    }
  });
}

async function grantOrUnavailable(credentials: CredentialCache, token: string): Promise<Grant | null | "unavailable"> {
  try {
    return await credentials.grantFor(token);
  } catch {
    return "unavailable";
  }
}

function sendJson(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type("application/json; charset=utf-8").send(text);
}

function sendRetry(
  reply: FastifyReply,
  batch: string | null,
  code: "busy" | "unknown",
  retryAfterMs: number,
): FastifyReply {
  const seconds = String(Math.ceil(retryAfterMs / 1_000));
  return sendJson(reply.header("Retry-After", seconds), 503, encodeFrameError({ code, retryAfterMs }, batch));
}

function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return sendJson(reply, status, JSON.stringify({ error: { code, message } }));
}

function unauthorized(reply: FastifyReply): FastifyReply {
  return sendError(
    reply.header("WWW-Authenticate", "Bearer"),
    401,
    "unauthorized",
    "send a valid gateway key or device token: Authorization: Bearer <token>",
  );
}
