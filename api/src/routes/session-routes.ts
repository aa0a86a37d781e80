import { SessionStart, SignInLink } from "@encounter/core/wire/session";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { unauthorized } from "../access/operator-access.ts";
import { isCrossSite } from "../access/same-origin.ts";
import { endedSessionCookie, sessionCookie, sessionIdOf } from "../access/session-cookie.ts";
import type { SessionStore } from "../access/session-store.ts";
import { ApiError } from "../http/api-error.ts";
import { answers, emptyAnswer, jsonAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

const tags = ["sign-in"];
const CodePath = Type.Object({ code: Type.String() });

/** Signing in and out: open to all. */
export function sessionRoutes(app: FastifyInstance, { access }: ApiServices, sessions: SessionStore): void {
  app.post<{ Body: SessionStart }>(
    "/v1/session",
    {
      schema: {
        tags,
        summary: "Signs a browser in with the operator token",
        security: [],
        body: SessionStart,
        response: answers({ 204: emptyAnswer("signed in; the session is in the cookie") }, 400, 401, 403),
      },
    },
    async (request, reply) => {
      if (isCrossSite(request.headers)) throw new ApiError(403, "forbidden", "sign in from this service's own pages");
      if (!access.isToken(request.body.token)) throw unauthorized();
      return reply
        .code(204)
        .header("set-cookie", sessionCookie(await sessions.start(), request.headers))
        .send();
    },
  );

  app.delete(
    "/v1/session",
    {
      schema: {
        tags,
        summary: "Signs a browser out",
        security: [],
        response: answers({ 204: emptyAnswer("signed out") }),
      },
    },
    async (request, reply) => {
      const id = sessionIdOf(request.headers);
      if (id !== null) await sessions.end(id);
      return reply.code(204).header("set-cookie", endedSessionCookie(request.headers)).send();
    },
  );

  app.get<{ Params: { code: string } }>(
    "/sign-in/:code",
    {
      // A preview that asks for the head alone must not use the code up.
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: "Opens a sign-in link, once",
        security: [],
        params: CodePath,
        response: answers({
          303: emptyAnswer("to the map, signed in; or to its sign-in page where the link is used up"),
        }),
      },
    },
    async (request, reply) => {
      if (!(await sessions.useLink(request.params.code))) return reply.redirect("/#sign-in=expired", 303);
      return reply.header("set-cookie", sessionCookie(await sessions.start(), request.headers)).redirect("/", 303);
    },
  );
}

/** Making sign-in links: for operators. */
export function signInLinkRoute(app: FastifyInstance, sessions: SessionStore): void {
  app.post(
    "/v1/sign-in-links",
    {
      schema: {
        tags,
        summary: "Makes a link that opens the map, signed in, once and within 24 hours",
        response: answers({ 201: jsonAnswer("the link's path on this service", SignInLink) }, 401, 403),
      },
    },
    async (_request, reply) => reply.code(201).send({ url_path: `/sign-in/${await sessions.createLink()}` }),
  );
}
