import type { RedisClient } from "@encounter/core/service/redis";
import { totpUsedKey } from "@encounter/core/storage/keys";
import { Secret, TOTP } from "otpauth";
import type { MachineKey } from "../access/machine-key.ts";

const PERIOD_S = 30;
/** Steps before and after the present one whose codes are taken: clocks differ. */
const WINDOW = 1;
/** A used step is remembered until its code is of no use any more. */
const USED_TTL_S = PERIOD_S * (2 * WINDOW + 2);

/** Codes of an authenticator (RFC 6238). Their secret must be read again, so it is stored hidden, not hashed. */
export class SecondFactor {
  private readonly redis: RedisClient;
  private readonly key: MachineKey;
  private readonly now: () => number;

  constructor(redis: RedisClient, key: MachineKey, now: () => number) {
    this.redis = redis;
    this.key = key;
    this.now = now;
  }

  /** A new secret: for the person, and as it is to be stored. */
  create(name: string): { secret: string; url: string; sealed: string } {
    const totp = totpOf(name, new Secret({ size: 20 }));
    return { secret: totp.secret.base32, url: totp.toString(), sealed: this.key.seal(totp.secret.base32) };
  }

  /** Whether a code is right, and used the first time. */
  async accepts(name: string, sealed: string, code: string): Promise<boolean> {
    const secret = this.key.unseal(sealed);
    if (secret === null) return false;
    const timestamp = this.now();
    const delta = totpOf(name, Secret.fromBase32(secret)).validate({ token: code, timestamp, window: WINDOW });
    if (delta === null) return false;
    const step = Math.floor(timestamp / 1_000 / PERIOD_S) + delta;
    const used = totpUsedKey(this.key.hash("throttle", name, sealed, String(step)));
    return (await this.redis.set(used, "1", "EX", USED_TTL_S, "NX")) === "OK";
  }
}

function totpOf(name: string, secret: Secret): TOTP {
  return new TOTP({ issuer: "Encounter", label: name, secret, period: PERIOD_S, digits: 6, algorithm: "SHA1" });
}
