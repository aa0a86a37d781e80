import { passwordTrouble } from "@encounter/core/domain/account";
import { PasswordChoice } from "@encounter/core/wire/accounts";
import type { FastifyInstance } from "fastify";
import { openSession, requireOwnPage } from "../access/open-session.ts";
import { newSecret } from "../access/secret.ts";
import { type ApiError, badRequest, notFound } from "../http/api-error.ts";
import { answers, emptyAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

/** Setting a password with a link: open to whoever has one. */
export function passwordRoutes(app: FastifyInstance, services: ApiServices): void {
  const { accounts, audit, connections, links, passwords, throttle } = services;

  app.post<{ Body: PasswordChoice }>(
    "/v1/password",
    {
      schema: {
        tags: ["sign-in"],
        summary: "Sets an account's password with a one-time link, and signs in",
        description: "Every other session of the account is over.",
        security: [],
        body: PasswordChoice,
        response: answers({ 204: emptyAnswer("it is set") }, 400, 403, 404, 429),
      },
    },
    async (request, reply) => {
      requireOwnPage(services, request);
      const { code, password } = request.body;
      await throttle.attempt("password link", connections.addressOf(request.raw));
      const owner = await links.ownerOf(code);
      if (owner === null) throw linkOver();
      const trouble = passwordTrouble(password, owner.name);
      if (trouble !== null) throw badRequest(`password ${trouble}`);
      const passwordHash = await passwords.hash(password);
      if (!(await links.use(code))) throw linkOver();
      await throttle.succeeded("password link");
      await audit.write({ actor: owner.name, action: "password.set" });
      const account = await accounts.change(owner.name, (stored) =>
        stored?.generation === owner.generation ? { ...stored, passwordHash, generation: newSecret() } : stored,
      );
      if (account?.passwordHash !== passwordHash) throw linkOver();
      const { name, generation } = account;
      if (account.totp !== null) return reply.code(204).send();
      return reply
        .code(204)
        .header("set-cookie", await openSession(services, request, { kind: "account", name, generation }))
        .send();
    },
  );
}

function linkOver(): ApiError {
  return notFound("this link is used up or too old: ask for another");
}
