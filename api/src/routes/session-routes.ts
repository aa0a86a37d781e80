import { SessionInfo, SignInWays } from "@encounter/core/wire/accounts";
import { SessionStart, SignInLink } from "@encounter/core/wire/session";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { passOf } from "../access/guard.ts";
import { openSession, requireOwnPage } from "../access/open-session.ts";
import { cookieOf, endedSessionCookie } from "../access/session-cookie.ts";
import type { SessionOwner } from "../access/session-store.ts";
import { presentRoles } from "../accounts/shown-account.ts";
import { answers, emptyAnswer, jsonAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";
import { OPENID_START_PATH } from "./openid-routes.ts";

const tags = ["sign-in"];
const CodePath = Type.Object({ code: Type.String() });

/** Signing in and out: open to all. */
export function sessionRoutes(app: FastifyInstance, services: ApiServices): void {
  const { audit, config, connections, sessions, signIn } = services;

  app.get(
    "/v1/sign-in",
    {
      schema: {
        tags,
        summary: "In which ways one may sign in, beside name and password",
        security: [],
        response: answers({ 200: jsonAnswer("the ways", SignInWays) }),
      },
    },
    async (): Promise<SignInWays> => ({
      openid: config.openId === null ? null : { name: config.openId.name, url_path: OPENID_START_PATH },
    }),
  );

  app.post<{ Body: SessionStart }>(
    "/v1/session",
    {
      schema: {
        tags,
        summary: "Signs a browser in, with the operator token or to an account",
        description:
          "An account with a second factor is asked for its code: 401 `code_needed` says so once the password is right. " +
          "Attempts are counted by account and by address.",
        security: [],
        body: SessionStart,
        response: answers({ 204: emptyAnswer("signed in; the session is in the cookie") }, 400, 401, 403, 429, 503),
      },
    },
    async (request, reply) => {
      requireOwnPage(services, request);
      const address = connections.addressOf(request.raw);
      const { body } = request;
      const owner = await ("token" in body
        ? signIn.withToken(body.token, address)
        : signIn.withPassword(body, address));
      return reply
        .code(204)
        .header("set-cookie", await openSession(services, request, owner))
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
        response: answers({ 204: emptyAnswer("signed out") }, 403),
      },
    },
    async (request, reply) => {
      requireOwnPage(services, request);
      const isSecure = connections.isSecure(request.raw);
      const id = cookieOf("session", request.headers, isSecure);
      const owner = id === null ? null : await sessions.ownerOf(id);
      if (id !== null) await sessions.end(id);
      if (owner !== null) await audit.note({ actor: nameOf(owner), action: "sign-out" });
      return reply.code(204).header("set-cookie", endedSessionCookie(isSecure)).send();
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
      const owner = { kind: "operator" } as const;
      await audit.note({ actor: nameOf(owner), action: "sign-in", detail: { by: "link" } });
      return reply.header("set-cookie", await openSession(services, request, owner)).redirect("/", 303);
    },
  );
}

/** Who is signed in, and making sign-in links. */
export function ownSessionRoutes(app: FastifyInstance, { redis, sessions }: ApiServices): void {
  app.get(
    "/v1/session",
    {
      schema: {
        tags,
        summary: "Who is signed in, and with which rights",
        response: answers({ 200: jsonAnswer("whoever asks", SessionInfo) }, 401),
      },
    },
    async (request): Promise<SessionInfo> => {
      const { name, account } = passOf(request).principal;
      if (account === null) return { name, operator: true, has_password: false, has_totp: false, roles: {} };
      const { passwordHash, totp } = account;
      const roles = await presentRoles(redis, account);
      return { name, operator: false, has_password: passwordHash !== null, has_totp: totp !== null, roles };
    },
  );

  app.post(
    "/v1/sign-in-links",
    {
      schema: {
        tags,
        summary: "Makes a link that opens the map, signed in as the machine's owner, once and within 24 hours",
        response: answers({ 201: jsonAnswer("the link's path on this service", SignInLink) }, 401, 403),
      },
    },
    async (_request, reply) => reply.code(201).send({ url_path: `/sign-in/${await sessions.createLink()}` }),
  );
}

function nameOf(owner: SessionOwner): string {
  return owner.kind === "operator" ? "operator" : owner.name;
}
