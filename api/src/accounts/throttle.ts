import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import { COUNT_ATTEMPT_SCRIPT } from "@encounter/core/storage/account-script";
import { throttleKey } from "@encounter/core/storage/keys";
import type { MachineKey } from "../access/machine-key.ts";
import { ApiError } from "../http/api-error.ts";

/** Attempts to sign in, in a window that begins with the first. */
export interface ThrottleLimits {
  readonly windowMs: number;
  /** Of one account. A right password within them begins anew. */
  readonly perAccount: number;
  /** From one address, whatever accounts. */
  readonly perAddress: number;
}

export const THROTTLE_LIMITS: ThrottleLimits = { windowMs: 5 * 60_000, perAccount: 10, perAddress: 100 };

/** Limits guessing. Counted in Redis: for all processes together, and by keyed hashes of names and addresses. */
export class Throttle {
  private readonly redis: RedisClient;
  private readonly key: MachineKey;
  private readonly limits: ThrottleLimits;
  private readonly count: RunScript;

  constructor(redis: RedisClient, key: MachineKey, limits: ThrottleLimits) {
    this.redis = redis;
    this.key = key;
    this.limits = limits;
    this.count = defineScript(redis, "encounterCountAttempt", COUNT_ATTEMPT_SCRIPT);
  }

  /** Counts an attempt. @throws ApiError 429 where there were too many */
  async attempt(name: string, address: string): Promise<void> {
    const { perAccount, perAddress, windowMs } = this.limits;
    const waits = [
      await this.count([this.keyOf("address", address)], [perAddress, windowMs]),
      await this.count([this.keyOf("account", name)], [perAccount, windowMs]),
    ];
    const waitMs = Math.max(...waits.map(Number));
    if (waitMs > 0) throw tooMany(Math.ceil(waitMs / 1_000));
  }

  /** Forgets an account's attempts: one succeeded. Those of the address stay, or each success would buy more guesses. */
  async succeeded(name: string): Promise<void> {
    await this.redis.del(this.keyOf("account", name));
  }

  private keyOf(of: "account" | "address", text: string): string {
    return throttleKey(of, this.key.hash("throttle", of, text).slice(0, 22));
  }
}

function tooMany(waitS: number): ApiError {
  return new ApiError(429, "too_many_attempts", `too many attempts to sign in: try again in ${waitS} s`, {
    "retry-after": String(waitS),
  });
}
