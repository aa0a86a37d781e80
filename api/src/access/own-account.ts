import type { FastifyRequest } from "fastify";
import type { StoredAccount } from "../accounts/account-store.ts";
import { ApiError } from "../http/api-error.ts";
import { passOf } from "./guard.ts";

/** The account of whoever asks. @throws ApiError 409 for the machine's owner, who has none */
export function ownAccount(request: FastifyRequest): StoredAccount {
  const { account } = passOf(request).principal;
  if (account !== null) return account;
  throw new ApiError(409, "conflict", "the machine's owner has a token and no account: sign in to an account");
}
