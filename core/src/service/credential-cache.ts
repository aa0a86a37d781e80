import { type Grant, verify } from "./credential-store.ts";
import { parseCredential } from "./credential-token.ts";
import { CredentialWatch } from "./credential-watch.ts";
import type { Logger } from "./log.ts";
import type { RedisClient } from "./redis.ts";
import { RefusalTrace } from "./refusal-trace.ts";

/** For how long an answer about a credential is good, ms: a revoked one works that much longer at most. */
const FRESH_MS = 2_000;

export interface CredentialCacheDependencies {
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly now: () => number;
  /** Credentials remembered at a time; the longest unused goes first. */
  readonly capacity?: number;
}

const CAPACITY = 20_000;

interface Entry {
  readonly askedMs: number;
  readonly answer: Promise<Grant | null>;
  /** Undefined until the answer came. */
  grant: Grant | null | undefined;
}

/** Grants by token for a door: a credential is looked up at most every 2 s, however often it is used. */
export class CredentialCache {
  private readonly redis: RedisClient;
  private readonly capacity: number;
  private readonly now: () => number;
  private readonly watcher: CredentialWatch;
  private readonly trace: RefusalTrace;
  /** In the order of last use. */
  private readonly entries = new Map<string, Entry>();

  constructor({ redis, log, now, capacity = CAPACITY }: CredentialCacheDependencies) {
    this.redis = redis;
    this.capacity = capacity;
    this.now = now;
    this.watcher = new CredentialWatch(redis, log, now);
    this.trace = new RefusalTrace(log, now);
  }

  /**
   * Whom a token speaks for, or null where it is not valid. Look-ups of one token under way are shared. Rejects where
   * Redis does not answer: that says nothing of the token and is not remembered.
   */
  async grantFor(token: string): Promise<Grant | null> {
    // Anybody can send any text: what is no credential at sight takes no place among those remembered.
    if (parseCredential(token) === null) return null;
    const grant = await this.entryFor(token).answer;
    const isExpired = grant !== null && grant.expiresAtMs !== null && grant.expiresAtMs <= this.now();
    if (grant === null || isExpired) this.trace.note("wrong credential");
    return isExpired ? null : grant;
  }

  /** {@link grantFor}, asked anew: for what is decided once and lasts, such as opening a socket. */
  async freshGrantFor(token: string): Promise<Grant | null> {
    this.entries.delete(token);
    return this.grantFor(token);
  }

  /**
   * Calls `onDead` once, within 5 s of the token's revocation or expiry or its venue's deletion. While Redis does not
   * answer only expiry is known. Returns what ends the watch.
   */
  watch(token: string, onDead: () => void): () => void {
    return this.watcher.add(token, this.entries.get(token)?.grant?.expiresAtMs ?? null, onDead);
  }

  /** Ends all watches. */
  stop(): void {
    this.watcher.stop();
  }

  private entryFor(token: string): Entry {
    const known = this.entries.get(token);
    this.entries.delete(token);
    const isUsable = known !== undefined && (known.grant === undefined || this.now() - known.askedMs < FRESH_MS);
    const entry = isUsable ? known : this.ask(token);
    this.entries.set(token, entry);
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value as string);
    return entry;
  }

  private ask(token: string): Entry {
    const askedMs = this.now();
    const answer = verify(this.redis, token, askedMs);
    const entry: Entry = { askedMs, answer, grant: undefined };
    answer.then(
      (grant) => {
        entry.grant = grant;
      },
      () => {
        if (this.entries.get(token) === entry) this.entries.delete(token);
      },
    );
    return entry;
  }
}
