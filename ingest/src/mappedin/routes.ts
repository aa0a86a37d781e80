import { createInvite, findInviteVenue, INVITE_USES_MAX, useInvite } from "@encounter/core/service/credential-invite";
import { activateMappedinDevice } from "@encounter/core/service/credential-mappedin";
import type { Pseudonyms } from "@encounter/core/service/pseudonyms";
import type { RedisClient } from "@encounter/core/service/redis";
import { loadVenue } from "@encounter/core/service/venue-store";
import { idTrouble } from "@encounter/core/wire/identity";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bearerOf } from "../bearer.ts";
import { BusyError, UnknownError, VenueGoneError } from "../fix-writer.ts";
import { readJsonBodies } from "../json-body.ts";
import { isStoreAway, RETRY_AFTER_S } from "../store-away.ts";
import { isOperator } from "./basic-credential.ts";
import { issueDeviceJwt, verifyDeviceJwt } from "./device-jwt.ts";
import { type StoreFrame, storePositions } from "./positions.ts";

export interface MappedinDependencies {
  readonly redis: RedisClient;
  readonly pseudonyms: Pseudonyms;
  readonly operatorToken: string;
  readonly storeFrame: StoreFrame;
  readonly now: () => number;
  /** Takes one of the joins of the client's address; false where it has used them up. */
  readonly mayJoin: (request: FastifyRequest) => boolean;
}

/**
 * The HTTP contract that MappedIn published for its contact monitoring, for venues whose setting `mappedin` is true; a
 * venue where it is not answers as if it, its codes and its devices did not exist. Errors are `{"error":"text"}`.
 */
export async function mappedinRoutes(app: FastifyInstance, dependencies: MappedinDependencies): Promise<void> {
  readJsonBodies(app);
  answerTrouble(app);
  addPositionsRoute(app, dependencies);
  await app.register(async (joining) => {
    joining.addHook("onRequest", async (request, reply) => {
      if (dependencies.mayJoin(request)) return;
      reply.header("Retry-After", "10");
      return sendError(reply, 429, "too many activations from this address: try again in a moment");
    });
    addInviteCodeRoute(joining, dependencies);
    addDeviceRoutes(joining, dependencies);
  });
}

function addInviteCodeRoute(app: FastifyInstance, { redis, operatorToken }: MappedinDependencies): void {
  app.post<{ Params: { venue: string } }>("/invite-code/:venue", async (request, reply) => {
    if (!isOperator(request.headers.authorization, operatorToken)) {
      reply.header("WWW-Authenticate", 'Basic realm="operator", charset="UTF-8"');
      return sendError(reply, 401, "send HTTP basic credentials: user operator, password the operator token");
    }
    const maxUses = memberOf(request.body, "maxUses");
    if (!Number.isInteger(maxUses) || Number(maxUses) < 1 || Number(maxUses) > INVITE_USES_MAX) {
      return sendError(reply, 400, `maxUses must be an integer from 1 to ${INVITE_USES_MAX}`);
    }
    const { venue } = request.params;
    const record = idTrouble(venue) === null ? await loadVenue(redis, venue) : null;
    const invite = record?.settings.mappedin ? await createInvite(redis, record, Number(maxUses)) : null;
    if (invite === null) return sendError(reply, 404, "there is no such venue, or its setting mappedin is not true");
    return reply.code(201).send({ code: invite.code, venue, maxUses: invite.maxUses });
  });
}

function addDeviceRoutes(app: FastifyInstance, { redis, pseudonyms, now }: MappedinDependencies): void {
  app.post<{ Params: { id: string } }>("/device/:id/activate", async (request, reply) => {
    const { id } = request.params;
    const code = memberOf(request.body, "code");
    const trouble = idTrouble(id);
    if (trouble !== null) return sendError(reply, 400, `the device's id ${trouble}`);
    const record = typeof code === "string" ? await findInviteVenue(redis, code) : null;
    if (typeof code !== "string" || !record?.settings.mappedin) return sendError(reply, 400, "code is invalid");
    const entry = await useInvite(redis, record, code, pseudonyms.of(record, id), now());
    const isLetIn = entry === "let_in" || entry === "let_in_again";
    if (!isLetIn || !(await activateMappedinDevice(redis, record, id, pseudonyms))) {
      return sendError(reply, 400, "code is invalid");
    }
    return reply.send({ venue: record.venueId });
  });

  app.get<{ Params: { id: string } }>("/device/:id/token", async (request, reply) => {
    const { id } = request.params;
    const jwt = idTrouble(id) === null ? await issueDeviceJwt(redis, pseudonyms, id, now()) : null;
    if (jwt === null) return sendError(reply, 400, "that device is not activated: activate it with an invite code");
    reply.header("Cache-Control", "no-store");
    return reply.send({ expiresAt: new Date(jwt.expiresAtMs).toISOString(), token: jwt.token });
  });
}

function addPositionsRoute(app: FastifyInstance, { redis, pseudonyms, storeFrame, now }: MappedinDependencies): void {
  app.post("/positions", async (request, reply) => {
    const token = bearerOf(request.raw);
    const grant = token === null ? null : await verifyDeviceJwt(redis, pseudonyms, token, now());
    if (grant === null) return unauthorized(reply);
    if (!Array.isArray(request.body)) return sendError(reply, 400, "the body must be an array of positions");
    return reply.code(207).send(await storePositions(grant, request.body, storeFrame));
  });
}

function answerTrouble(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    if (error instanceof VenueGoneError) return unauthorized(reply);
    if (error instanceof BusyError) return sendRetry(reply, error.retryAfterMs, "too busy: nothing was stored");
    if (error instanceof UnknownError) {
      return sendRetry(reply, error.retryAfterMs, "the store did not answer in time: send the positions again");
    }
    if ("statusCode" in error && error.statusCode !== undefined) {
      return sendError(reply, error.statusCode, error.message);
    }
    if (!isStoreAway(error)) {
      request.log.error({ reason: error.message, stack: error.stack }, "mappedin route failed");
      return sendError(reply, 500, "internal error: try again");
    }
    request.log.warn({ reason: error.message }, "mappedin route without the store");
    return sendRetry(reply, RETRY_AFTER_S * 1_000, "the store does not answer: try again");
  });
}

function sendRetry(reply: FastifyReply, retryAfterMs: number, message: string): FastifyReply {
  reply.header("Retry-After", Math.ceil(retryAfterMs / 1_000));
  return sendError(reply, 503, message);
}

function unauthorized(reply: FastifyReply): FastifyReply {
  reply.header("WWW-Authenticate", "Bearer");
  return sendError(reply, 401, "send a valid token of GET /device/{id}/token: Authorization: Bearer <token>");
}

function sendError(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}

function memberOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}
