import type { Role } from "@encounter/core/domain/account";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import { CHANGE_ACCOUNT_SCRIPT } from "@encounter/core/storage/account-script";
import { ACCOUNTS_KEY } from "@encounter/core/storage/keys";
import { newSecret } from "../access/secret.ts";

/** Roles in a venue; the incarnation tells it from a later one of the same id, in which they count nothing. */
export interface VenueRoles {
  readonly venueId: string;
  readonly incarnation: string;
  readonly roles: readonly Role[];
}

interface OpenIdSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** An account as it is stored. Of its secrets only what checks them. */
export interface StoredAccount {
  readonly name: string;
  /** Another after every change of what it signs in with: sessions from before are over. */
  readonly generation: string;
  readonly createdMs: number;
  readonly passwordHash: string | null;
  /** Hidden by the machine's key. */
  readonly totp: string | null;
  readonly mail: string | null;
  readonly openId: OpenIdSubject | null;
  readonly roles: readonly VenueRoles[];
}

/** Changes tried again because another came in between. */
const ATTEMPTS = 100;

/** Accounts of people. There are as many as people who look after venues: all of them are read where one is sought. */
export class AccountStore {
  private readonly redis: RedisClient;
  private readonly changeScript: RunScript;

  constructor(redis: RedisClient) {
    this.redis = redis;
    this.changeScript = defineScript(redis, "encounterChangeAccount", CHANGE_ACCOUNT_SCRIPT);
  }

  async load(name: string): Promise<StoredAccount | null> {
    return read(await this.redis.hget(ACCOUNTS_KEY, name));
  }

  /** All accounts, sorted by name. */
  async list(): Promise<StoredAccount[]> {
    const texts = await this.redis.hvals(ACCOUNTS_KEY);
    const accounts = texts.map((text) => JSON.parse(text) as StoredAccount);
    return accounts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Changes, makes or deletes an account in one step.
   * @param edit what it is to be, null for none; called again where another change came in between
   * @returns what is stored now
   */
  async change(
    name: string,
    edit: (account: StoredAccount | null) => StoredAccount | null,
  ): Promise<StoredAccount | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const stored = await this.redis.hget(ACCOUNTS_KEY, name);
      const account = edit(read(stored));
      const text = account === null ? "" : JSON.stringify(account);
      if (text === (stored ?? "")) return account;
      if ((await this.changeScript([ACCOUNTS_KEY], [name, stored ?? "", text])) === 1) return account;
    }
    throw new Error("others keep changing this account");
  }
}

/** An account that can do nothing yet. */
export function newAccount(name: string, nowMs: number): StoredAccount {
  return {
    name,
    generation: newSecret(),
    createdMs: nowMs,
    passwordHash: null,
    totp: null,
    mail: null,
    openId: null,
    roles: [],
  };
}

/** An account with other roles in one venue; none takes it out of the venue. */
export function withRoles(account: StoredAccount, change: VenueRoles): StoredAccount {
  const others = account.roles.filter(({ venueId }) => venueId !== change.venueId);
  const roles =
    change.roles.length === 0 ? others : [...others, { ...change, roles: [...new Set(change.roles)].sort() }];
  return { ...account, roles };
}

function read(text: string | null): StoredAccount | null {
  return text === null ? null : (JSON.parse(text) as StoredAccount);
}
