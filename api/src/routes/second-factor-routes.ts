import { totpOfferKey } from "@encounter/core/storage/keys";
import { TotpCode, TotpOffer } from "@encounter/core/wire/accounts";
import type { FastifyInstance } from "fastify";
import { ownAccount } from "../access/own-account.ts";
import { badRequest, notFound } from "../http/api-error.ts";
import { answers, emptyAnswer, jsonAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

const tags = ["sign-in"];
/** A second factor that was offered and not confirmed is forgotten so long after, ms. */
const OFFER_MS = 600_000;

/** The second factor of whoever is signed in to an account. */
export function secondFactorRoutes(app: FastifyInstance, services: ApiServices): void {
  const { accounts, redis, secondFactor, throttle, connections } = services;

  app.post(
    "/v1/session/second-factor",
    {
      schema: {
        tags,
        summary: "Offers a second factor for one's own account; it counts once a code of it was given",
        response: answers({ 201: jsonAnswer("for an authenticator", TotpOffer) }, 401, 409),
      },
    },
    async (request, reply) => {
      const { name } = ownAccount(request);
      const { secret, url, sealed } = secondFactor.create(name);
      await redis.set(totpOfferKey(name), sealed, "PX", OFFER_MS);
      return reply.code(201).send({ secret, url });
    },
  );

  app.put<{ Body: TotpCode }>(
    "/v1/session/second-factor",
    {
      schema: {
        tags,
        summary: "Confirms the offered second factor with a code",
        body: TotpCode,
        response: answers({ 204: emptyAnswer("from now on a code is asked for") }, 400, 401, 404, 429),
      },
    },
    async (request, reply) => {
      const { name } = ownAccount(request);
      await throttle.attempt(name, connections.addressOf(request.raw));
      const sealed = await redis.get(totpOfferKey(name));
      if (sealed === null) throw notFound("there is no offer: POST /v1/session/second-factor makes one");
      if (!(await secondFactor.accepts(name, sealed, request.body.code))) throw badRequest("the code is wrong");
      await accounts.change(name, (stored) => (stored === null ? null : { ...stored, totp: sealed }));
      await redis.del(totpOfferKey(name));
      return reply.code(204).send();
    },
  );

  app.delete<{ Body: TotpCode }>(
    "/v1/session/second-factor",
    {
      schema: {
        tags,
        summary: "Ends one's own second factor, with a last code of it",
        body: TotpCode,
        response: answers({ 204: emptyAnswer("codes are not asked for any more") }, 400, 401, 404, 429),
      },
    },
    async (request, reply) => {
      const { name, totp } = ownAccount(request);
      if (totp === null) throw notFound("this account has no second factor");
      await throttle.attempt(name, connections.addressOf(request.raw));
      if (!(await secondFactor.accepts(name, totp, request.body.code))) throw badRequest("the code is wrong");
      await accounts.change(name, (stored) => (stored === null ? null : { ...stored, totp: null }));
      return reply.code(204).send();
    },
  );
}
