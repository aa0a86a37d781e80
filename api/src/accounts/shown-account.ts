import type { Role } from "@encounter/core/domain/account";
import type { RedisClient } from "@encounter/core/service/redis";
import { venueRecordKey } from "@encounter/core/storage/keys";
import type { Account } from "@encounter/core/wire/accounts";
import type { StoredAccount } from "./account-store.ts";

/** An account as those see it who may, with its roles in the venues that there still are. */
export async function showAccount(redis: RedisClient, account: StoredAccount): Promise<Account> {
  return {
    name: account.name,
    has_password: account.passwordHash !== null,
    has_totp: account.totp !== null,
    has_openid: account.openId !== null,
    mail: account.mail,
    roles: await presentRoles(redis, account),
  };
}

/** Roles by venue; those in a venue that was deleted since are none. */
export async function presentRoles(redis: RedisClient, account: StoredAccount): Promise<Record<string, Role[]>> {
  const present: Record<string, Role[]> = {};
  const incarnations = await Promise.all(
    account.roles.map(({ venueId }) => redis.hget(venueRecordKey(venueId), "incarnation")),
  );
  account.roles.forEach(({ venueId, incarnation, roles }, index) => {
    if (incarnations[index] === incarnation) present[venueId] = [...roles];
  });
  return present;
}
