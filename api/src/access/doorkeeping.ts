import { ClientAddresses } from "@encounter/core/service/client-address";
import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { RefusalTrace } from "@encounter/core/service/refusal-trace";
import { AccountStore } from "../accounts/account-store.ts";
import { PasswordHasher } from "../accounts/password-hash.ts";
import { PasswordLinks } from "../accounts/password-links.ts";
import { SecondFactor } from "../accounts/second-factor.ts";
import { SignIn } from "../accounts/sign-in.ts";
import { THROTTLE_LIMITS, Throttle } from "../accounts/throttle.ts";
import { AuditLog } from "../audit/audit-log.ts";
import { AuditRetention } from "../audit/audit-retention.ts";
import { ChainVerifier } from "../audit/chain-verifier.ts";
import type { ApiConfig } from "../config.ts";
import { Access } from "./access.ts";
import { Aliases } from "./aliases.ts";
import { Connections } from "./connection.ts";
import { MachineKey } from "./machine-key.ts";
import { SessionStore } from "./session-store.ts";

/** Everything that decides who somebody is and what they may, wired. */
export function doorkeeping(config: ApiConfig, redis: RedisClient, log: Logger, now: () => number) {
  const { operatorToken } = config;
  const key = new MachineKey(config.machineKey);
  const audit = new AuditLog(redis, key, now);
  const chain = new ChainVerifier(audit, key, now);
  const auditRetention = new AuditRetention({ redis, log, audit, key, days: config.auditRetentionDays, now });
  const accounts = new AccountStore(redis);
  const sessions = new SessionStore(redis, operatorToken, config.sessions, now);
  const connections = new Connections(config.trustProxy, new ClientAddresses(config.trustedProxies));
  const trace = new RefusalTrace(log, now);
  const passwords = new PasswordHasher();
  const secondFactor = new SecondFactor(redis, key, now);
  const throttle = new Throttle(redis, key, THROTTLE_LIMITS);
  const access = new Access({ operatorToken, redis, sessions, accounts, connections, audit, trace });
  const isToken = (text: string) => access.isToken(text);
  const signIn = new SignIn({ accounts, passwords, secondFactor, throttle, audit, key, isToken });
  const links = new PasswordLinks(redis, now);
  const aliases = new Aliases(key);
  return {
    access,
    accounts,
    aliases,
    audit,
    chain,
    auditRetention,
    connections,
    links,
    passwords,
    secondFactor,
    sessions,
    signIn,
    throttle,
    trace,
  };
}
