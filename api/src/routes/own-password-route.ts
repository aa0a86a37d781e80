import { passwordTrouble } from "@encounter/core/domain/account";
import { OwnPasswordChange } from "@encounter/core/wire/accounts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { openSession } from "../access/open-session.ts";
import { ownAccount } from "../access/own-account.ts";
import { newSecret } from "../access/secret.ts";
import { cookieOf } from "../access/session-cookie.ts";
import type { StoredAccount } from "../accounts/account-store.ts";
import { ApiError, badRequest } from "../http/api-error.ts";
import { answers, emptyAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

/** Changing the password of one's own account. */
export function ownPasswordRoute(app: FastifyInstance, services: ApiServices): void {
  const { accounts, audit, connections, passwords, sessions, throttle } = services;

  app.put<{ Body: OwnPasswordChange }>(
    "/v1/session/password",
    {
      schema: {
        tags: ["sign-in"],
        summary: "Changes the password of one's own account",
        description:
          "Every other session of the account is over, and links to set its password are dead; this browser goes on, " +
          "with another cookie. Attempts are counted as those to sign in are.",
        body: OwnPasswordChange,
        response: answers({ 204: emptyAnswer("it is changed") }, 400, 401, 403, 409, 429),
      },
    },
    async (request, reply) => {
      const before = ownAccount(request);
      const { name } = before;
      const { current, password } = request.body;
      await throttle.attempt(name, connections.addressOf(request.raw));
      if (!(await passwords.verify(current, before.passwordHash))) {
        await audit.note({ actor: name, action: "password.refused" });
        throw badRequest("current is not the account's password");
      }
      const trouble = passwordTrouble(password, name);
      if (trouble !== null) throw badRequest(`password ${trouble}`);
      const account = await store(before, await passwords.hash(password));
      await throttle.succeeded(name);
      await endSession(request);
      const cookie = await openSession(services, request, { kind: "account", name, generation: account.generation });
      return reply.code(204).header("set-cookie", cookie).send();
    },
  );

  /** @throws ApiError 409 where the account is another since */
  async function store({ name, generation }: StoredAccount, passwordHash: string): Promise<StoredAccount> {
    const account = await accounts.change(name, (stored) =>
      stored?.generation === generation ? { ...stored, passwordHash, generation: newSecret() } : stored,
    );
    if (account?.passwordHash === passwordHash) return account;
    throw new ApiError(409, "conflict", "the account was changed meanwhile: sign in anew");
  }

  async function endSession({ raw, headers }: FastifyRequest): Promise<void> {
    const id = cookieOf("session", headers, connections.isSecure(raw));
    if (id !== null) await sessions.end(id);
  }
}
