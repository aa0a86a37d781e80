import { Account, AccountList, PasswordLink, RolesChange } from "@encounter/core/wire/accounts";
import type { FastifyInstance } from "fastify";
import { passOf } from "../access/guard.ts";
import { type Principal, rolesIn } from "../access/principal.ts";
import { newAccount, type StoredAccount, withRoles } from "../accounts/account-store.ts";
import { showAccount } from "../accounts/shown-account.ts";
import { ApiError } from "../http/api-error.ts";
import { answers, jsonAnswer, VenueAccountPath, type VenueParams, VenuePath } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";
import { type AccountParams, noAccount, readName } from "./account-routes.ts";
import { findVenue } from "./find-venue.ts";

const tags = ["accounts"];

/** Who has roles in a venue: for its administrators. They see and change nothing of other venues. */
export function venueAccountRoutes(app: FastifyInstance, services: ApiServices): void {
  const { accounts, links, now, redis } = services;

  const shownIn = async (venueId: string, account: StoredAccount): Promise<Account> => {
    const shown = await showAccount(redis, account);
    return { ...shown, mail: null, roles: { [venueId]: shown.roles[venueId] ?? [] } };
  };

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue/accounts",
    {
      schema: {
        tags,
        summary: "Accounts with a role in the venue, and their roles in it",
        params: VenuePath,
        response: answers({ 200: jsonAnswer("by name", AccountList) }, 404),
      },
    },
    async (request): Promise<AccountList> => {
      const { venueId, incarnation } = await findVenue(services, request.params);
      const here = (await accounts.list()).filter((account) => rolesIn(account, venueId, incarnation).length > 0);
      return { accounts: await Promise.all(here.map((account) => shownIn(venueId, account))) };
    },
  );

  app.put<{ Params: VenueParams & AccountParams; Body: RolesChange }>(
    "/v1/venues/:venue/accounts/:account",
    {
      schema: {
        tags,
        summary: "Gives an account its roles in the venue, and makes it where there is none of this name",
        description:
          "The roles named are all that it has in the venue; none takes it out of it. Nobody changes their own roles. " +
          "Every change is in the audit log.",
        params: VenueAccountPath,
        body: RolesChange,
        response: answers({ 200: jsonAnswer("the account in this venue", Account) }, 400, 404),
      },
    },
    async (request) => {
      const { venueId, incarnation } = await findVenue(services, request.params);
      const name = readName(request.params.account);
      if (passOf(request).principal.account?.name === name) {
        throw new ApiError(403, "forbidden", "nobody changes their own roles: ask another administrator");
      }
      const change = { venueId, incarnation, roles: request.body.roles };
      const account = await accounts.change(name, (stored) => withRoles(stored ?? newAccount(name, now()), change));
      return shownIn(venueId, account as StoredAccount);
    },
  );

  app.post<{ Params: VenueParams & AccountParams }>(
    "/v1/venues/:venue/accounts/:account/link",
    {
      schema: {
        tags,
        summary: "Makes a link with which somebody sets the account's password, once and within 24 hours",
        description: "For accounts that have roles only in venues of which whoever asks is an administrator.",
        params: VenueAccountPath,
        response: answers({ 201: jsonAnswer("the link", PasswordLink) }, 404),
      },
    },
    async (request, reply) => {
      const { venueId, incarnation } = await findVenue(services, request.params);
      const name = readName(request.params.account);
      const account = await accounts.load(name);
      if (account === null || rolesIn(account, venueId, incarnation).length === 0) throw noAccount(name);
      if (!mayLookAfter(passOf(request).principal, account)) {
        throw new ApiError(
          403,
          "forbidden",
          "this account has roles elsewhere, too: ask the machine's owner for its link",
        );
      }
      const { path, expiresAtMs } = await links.create(account);
      return reply.code(201).send({ url_path: path, expires_at: expiresAtMs });
    },
  );
}

/** Whether whoever resets the account's password gets no rights by it that they could not give themselves away. */
function mayLookAfter({ account: asking }: Principal, account: StoredAccount): boolean {
  if (asking === null) return true;
  return account.roles.every(({ venueId, incarnation }) => rolesIn(asking, venueId, incarnation).includes("admin"));
}
