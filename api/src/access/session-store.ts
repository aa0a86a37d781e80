import { createHmac } from "node:crypto";
import type { RedisClient } from "@encounter/core/service/redis";
import { sessionKey, signInKey } from "@encounter/core/storage/keys";
import { hashOf, newSecret } from "./secret.ts";

/** A link that nobody opened. */
const LINK_TTL_S = 24 * 3_600;
/** A session is renewed when it has become so much shorter, so that not every request writes. */
const RENEWAL_SHARE = 48;

/** How long sessions last, ms. */
export interface SessionLimits {
  /** After the last use. */
  readonly idleMs: number;
  /** After the sign-in, however much it is used. */
  readonly absoluteMs: number;
}

/** Whose session it is: the machine owner's, or an account's as long as what it signed in with stays the same. */
export type SessionOwner =
  | { readonly kind: "operator" }
  | { readonly kind: "account"; readonly name: string; readonly generation: string };

interface StoredSession {
  readonly owner: SessionOwner;
  readonly startedMs: number;
  /** Of the machine owner's sessions: the operator token that stood behind them. */
  readonly mark: string | null;
}

/**
 * Sessions of operators' browsers and the links that start them. Only hashes of what browsers hold are stored. The
 * machine owner's are bound to the operator token that stood behind them: a new token signs the owner out.
 */
export class SessionStore {
  private readonly redis: RedisClient;
  private readonly tokenMark: string;
  private readonly limits: SessionLimits;
  private readonly now: () => number;

  constructor(redis: RedisClient, operatorToken: string, limits: SessionLimits, now: () => number) {
    this.redis = redis;
    this.tokenMark = createHmac("sha256", operatorToken).update("encounter session").digest("base64url");
    this.limits = limits;
    this.now = now;
  }

  /** Makes the code of a link that signs the machine's owner in once. */
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
  async start(owner: SessionOwner): Promise<string> {
    const id = newSecret();
    const mark = owner.kind === "operator" ? this.tokenMark : null;
    const session: StoredSession = { owner, startedMs: this.now(), mark };
    const { idleMs, absoluteMs } = this.limits;
    await this.redis.set(sessionKey(hashOf(id)), JSON.stringify(session), "PX", Math.min(idleMs, absoluteMs));
    return id;
  }

  /** Whose session is going on, or null; it then goes on for the full time again, up to its absolute end. */
  async ownerOf(id: string): Promise<SessionOwner | null> {
    const key = sessionKey(hashOf(id));
    const [text, ttlMs] = await Promise.all([this.redis.get(key), this.redis.pttl(key)]);
    const session = read(text);
    if (session === null || session.owner === undefined) return null;
    const { idleMs, absoluteMs } = this.limits;
    const leftMs = session.startedMs + absoluteMs - this.now();
    if (leftMs <= 0) await this.redis.del(key);
    if (leftMs <= 0 || (session.owner.kind === "operator" && session.mark !== this.tokenMark)) return null;
    const wantedMs = Math.min(idleMs, leftMs);
    if (ttlMs < wantedMs - idleMs / RENEWAL_SHARE) await this.redis.pexpire(key, Math.ceil(wantedMs));
    return session.owner;
  }

  async end(id: string): Promise<void> {
    await this.redis.del(sessionKey(hashOf(id)));
  }
}

/** Sessions of an earlier version are over. */
function read(text: string | null): StoredSession | null {
  return text?.startsWith("{") ? (JSON.parse(text) as StoredSession) : null;
}
