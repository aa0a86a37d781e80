import { accountName, accountNameTrouble } from "@encounter/core/domain/account";
import { loadVenue } from "@encounter/core/service/venue-store";
import { Account, AccountChange, AccountList, PasswordLink } from "@encounter/core/wire/accounts";
import type { FastifyInstance } from "fastify";
import { newSecret } from "../access/secret.ts";
import { newAccount, type StoredAccount, type VenueRoles, withRoles } from "../accounts/account-store.ts";
import { showAccount } from "../accounts/shown-account.ts";
import { badRequest, notFound } from "../http/api-error.ts";
import { AccountPath, answers, emptyAnswer, jsonAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

const tags = ["accounts"];

export interface AccountParams {
  readonly account: string;
}

/** Accounts of all venues: the machine owner's. */
export function accountRoutes(app: FastifyInstance, services: ApiServices): void {
  const { accounts, links, now, redis } = services;

  app.get(
    "/v1/accounts",
    { schema: { tags, summary: "All accounts, by name", response: answers({ 200: jsonAnswer("them", AccountList) }) } },
    async (): Promise<AccountList> => {
      const stored = await accounts.list();
      return { accounts: await Promise.all(stored.map((account) => showAccount(redis, account))) };
    },
  );

  app.put<{ Params: AccountParams; Body: AccountChange }>(
    "/v1/accounts/:account",
    {
      schema: {
        tags,
        summary: "Makes or changes an account",
        description:
          "What is absent stays. `roles` names roles by venue and replaces all of them; `openid` and `mail` say which " +
          "person of the OpenID provider it is of. A password is set by whoever opens the account's one-time link.",
        params: AccountPath,
        body: AccountChange,
        response: answers({ 200: jsonAnswer("it was changed", Account), 201: jsonAnswer("it was made", Account) }, 400),
      },
    },
    async (request, reply) => {
      const name = readName(request.params.account);
      const { roles: wanted, mail, openid, totp } = request.body;
      const roles = wanted === undefined ? undefined : await venueRoles(services, wanted);
      let isNew = false;
      const account = await accounts.change(name, (stored) => {
        isNew = stored === null;
        const before = stored ?? newAccount(name, now());
        return {
          ...before,
          ...(roles === undefined ? {} : { roles }),
          ...(mail === undefined ? {} : { mail: mail?.toLowerCase() ?? null }),
          // Whoever came by the former binding is somebody else now.
          ...(openid === undefined ? {} : { openId: openid, generation: newSecret() }),
          ...(totp === undefined ? {} : { totp: null }),
        };
      });
      return reply.code(isNew ? 201 : 200).send(await showAccount(redis, account as StoredAccount));
    },
  );

  app.delete<{ Params: AccountParams }>(
    "/v1/accounts/:account",
    {
      schema: {
        tags,
        summary: "Ends an account; its sessions are over",
        params: AccountPath,
        response: answers({ 204: emptyAnswer("it is gone") }, 404),
      },
    },
    async (request, reply) => {
      const name = accountName(request.params.account);
      if ((await accounts.load(name)) === null) throw noAccount(name);
      await accounts.change(name, () => null);
      return reply.code(204).send();
    },
  );

  app.post<{ Params: AccountParams }>(
    "/v1/accounts/:account/link",
    {
      schema: {
        tags,
        summary: "Makes a link with which somebody sets the account's password, once and within 24 hours",
        params: AccountPath,
        response: answers({ 201: jsonAnswer("the link", PasswordLink) }, 404),
      },
    },
    async (request, reply) => {
      const name = accountName(request.params.account);
      const account = await accounts.load(name);
      if (account === null) throw noAccount(name);
      const { path, expiresAtMs } = await links.create(account);
      return reply.code(201).send({ url_path: path, expires_at: expiresAtMs });
    },
  );
}

/** A name as a path gives it. @throws ApiError where no account may have it */
export function readName(typed: string): string {
  const name = accountName(typed);
  const trouble = accountNameTrouble(name);
  if (trouble !== null) throw badRequest(`an account's name ${trouble}`);
  return name;
}

export function noAccount(name: string) {
  return notFound(`there is no account ${JSON.stringify(name)}`);
}

async function venueRoles({ redis }: ApiServices, wanted: NonNullable<AccountChange["roles"]>): Promise<VenueRoles[]> {
  let account = newAccount("", 0);
  for (const [venueId, roles] of Object.entries(wanted)) {
    const venue = await loadVenue(redis, venueId);
    if (venue === null) throw badRequest(`there is no venue ${JSON.stringify(venueId)} to have a role in`);
    account = withRoles(account, { venueId, incarnation: venue.incarnation, roles });
  }
  return [...account.roles];
}
