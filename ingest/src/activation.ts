import { activate } from "@encounter/core/service/credential-invite";
import { type IssuedToken, rotate, verify } from "@encounter/core/service/credential-store";
import type { Pseudonyms } from "@encounter/core/service/pseudonyms";
import type { RedisClient } from "@encounter/core/service/redis";
import { type ActivationReply, type ActivationRequest, activationTrouble } from "@encounter/core/wire/activation";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bearerOf } from "./bearer.ts";
import { readJsonBodies } from "./json-body.ts";
import { isStoreAway, RETRY_AFTER_S } from "./store-away.ts";

export interface ActivationDependencies {
  readonly redis: RedisClient;
  readonly pseudonyms: Pseudonyms;
  readonly now: () => number;
  /** Takes one of the joins of the client's address; false where it has used them up. */
  readonly mayJoin: (request: FastifyRequest) => boolean;
}

/**
 * How a device comes to its token: `POST /v1/activate` with an invite code, and `POST /v1/token` with a token that is
 * still valid. Both answer 201 `{venue_id, token, expires_at}`.
 */
export async function activationRoutes(app: FastifyInstance, dependencies: ActivationDependencies): Promise<void> {
  const { redis, pseudonyms, now, mayJoin } = dependencies;
  app.addHook("onRequest", async (request, reply) => {
    if (mayJoin(request)) return;
    reply.header("Retry-After", "10");
    return sendError(reply, 429, "rate", "too many activations from this address: try again in a moment");
  });
  readJsonBodies(app);
  answerStoreTrouble(app);

  app.post("/v1/activate", async (request, reply) => {
    const trouble = activationTrouble(request.body);
    if (trouble !== null) return sendError(reply, 400, "bad_request", trouble);
    const { code, device_id: deviceId } = request.body as ActivationRequest;
    const activation = await activate(redis, code, deviceId, now(), pseudonyms);
    if (activation === "unknown") {
      return sendError(reply, 403, "unknown_code", "no venue has this invite code: check it, or ask for a new one");
    }
    if (activation === "used_up") {
      return sendError(
        reply,
        403,
        "used_up",
        "as many devices as it is for have used this invite code: ask for a new one",
      );
    }
    return sendToken(reply, activation.venueId, activation);
  });

  app.post("/v1/token", async (request, reply) => {
    const token = bearerOf(request.raw);
    const grant = token === null ? null : await verify(redis, token, now());
    if (grant === null) return unauthorized(reply);
    if (grant.kind !== "device") {
      return sendError(reply, 403, "not_a_device", "a gateway key does not expire: it is not exchanged but made anew");
    }
    const issued = await rotate(redis, grant, now());
    return issued === null ? unauthorized(reply) : sendToken(reply, grant.venueId, issued);
  });
}

function answerStoreTrouble(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.statusCode !== undefined) {
      const code = error.statusCode === 413 ? "too_big" : "bad_request";
      return sendError(reply, error.statusCode, code, error.message);
    }
    if (!isStoreAway(error)) {
      request.log.error({ reason: error.message, stack: error.stack }, "activation failed");
      return sendError(reply, 500, "internal", "try again");
    }
    request.log.warn({ reason: error.message }, "activation without the store");
    reply.header("Retry-After", RETRY_AFTER_S);
    return sendError(reply, 503, "unavailable", `the store does not answer: try again in ${RETRY_AFTER_S} s`);
  });
}

/** A token is for its owner alone: nothing on the way may keep it. */
function sendToken(reply: FastifyReply, venueId: string, { token, expiresAtMs }: IssuedToken): FastifyReply {
  const body: ActivationReply = { venue_id: venueId, token, expires_at: expiresAtMs };
  return reply.code(201).header("Cache-Control", "no-store").send(body);
}

function unauthorized(reply: FastifyReply): FastifyReply {
  reply.header("WWW-Authenticate", "Bearer");
  const message =
    "send a valid device token (Authorization: Bearer <token>); where it ended, activate the device again";
  return sendError(reply, 401, "unauthorized", message);
}

function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
