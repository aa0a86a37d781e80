import { createHash, createHmac, randomBytes } from "node:crypto";
import type { RedisClient } from "@encounter/core/service/redis";
import { sessionKey, signInKey } from "@encounter/core/storage/keys";

/** A session ends so long after its last use. */
const SESSION_TTL_S = 12 * 3_600;
/** It is renewed when it has become so much shorter, so that not every request writes. */
const RENEW_AFTER_S = 900;
/** A link that nobody opened. */
const LINK_TTL_S = 24 * 3_600;

/**
 * Sessions of operators' browsers and the links that start them. Only hashes of what browsers hold are stored. Both
 * are bound to the operator token that stood behind them: a new token signs everybody out.
 */
export class SessionStore {
  private readonly redis: RedisClient;
  private readonly tokenMark: string;

  constructor(redis: RedisClient, operatorToken: string) {
    this.redis = redis;
    this.tokenMark = createHmac("sha256", operatorToken).update("encounter session").digest("base64url");
  }

  /** Makes the code of a link that signs in once. */
  async createLink(): Promise<string> {
    const code = newSecret();
    await this.redis.set(signInKey(hashOf(code)), this.tokenMark, "EX", LINK_TTL_S);
    return code;
  }

  /** Uses a link's code up; false where it is none, or none any more. */
  async useLink(code: string): Promise<boolean> {
    return (await this.redis.getdel(signInKey(hashOf(code)))) === this.tokenMark;
  }

  /** Starts a session; what it returns belongs into the cookie. */
  async start(): Promise<string> {
    const id = newSecret();
    await this.redis.set(sessionKey(hashOf(id)), this.tokenMark, "EX", SESSION_TTL_S);
    return id;
  }

  /** Whether a session is going on; it then goes on for the full time again. */
  async isOpen(id: string): Promise<boolean> {
    const key = sessionKey(hashOf(id));
    const [mark, ttlS] = await Promise.all([this.redis.get(key), this.redis.ttl(key)]);
    if (mark !== this.tokenMark) return false;
    if (ttlS < SESSION_TTL_S - RENEW_AFTER_S) await this.redis.expire(key, SESSION_TTL_S);
    return true;
  }

  async end(id: string): Promise<void> {
    await this.redis.del(sessionKey(hashOf(id)));
  }
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
