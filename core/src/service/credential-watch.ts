import { type Grant, verifyInVenue } from "./credential-store.ts";
import { type ClaimedCredential, parseCredential } from "./credential-token.ts";
import type { Logger } from "./log.ts";
import type { RedisClient } from "./redis.ts";

/** Pause between two rounds of looking at all watched credentials, ms. */
const ROUND_PAUSE_MS = 1_500;
/** Most credentials asked for at once. */
const CREDENTIALS_PER_LOOK = 1_000;

interface Watched {
  readonly token: string;
  /** Null where the token is none: it is dead. */
  readonly credential: ClaimedCredential | null;
  /** Set once it is known. */
  expiresAtMs: number | null;
  readonly listeners: Set<() => void>;
}

/** Looks at the credentials of open sockets every 1.5 s and tells when one is no longer valid. */
export class CredentialWatch {
  private readonly redis: RedisClient;
  private readonly log: Logger;
  private readonly now: () => number;
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(redis: RedisClient, log: Logger, now: () => number) {
    this.redis = redis;
    this.log = log;
    this.now = now;
  }

  /**
   * Calls `onDead` once, when the token is known not to be valid. `expiresAtMs` is when it ends, where that is known
   * already. Returns what ends the watch.
   */
  add(token: string, expiresAtMs: number | null, onDead: () => void): () => void {
    let watched = this.watched.get(token);
    if (watched === undefined) {
      watched = { token, credential: parseCredential(token), expiresAtMs, listeners: new Set() };
      this.watched.set(token, watched);
    }
    const { listeners } = watched;
    // A function of this watch's own: the same callback may be given twice.
    const listener = () => onDead();
    listeners.add(listener);
    this.plan();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.watched.get(token)?.listeners === listeners) this.watched.delete(token);
    };
  }

  stop(): void {
    this.isStopped = true;
    this.watched.clear();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private plan(): void {
    if (this.timer !== null || this.isStopped || this.watched.size === 0) return;
    this.timer = setTimeout(() => void this.round(), ROUND_PAUSE_MS);
    this.timer.unref();
  }

  private async round(): Promise<void> {
    await Promise.all([...this.byVenue()].map(([venueId, watched]) => this.lookAt(venueId, watched)));
    this.timer = null;
    this.plan();
  }

  /** All that is watched, by venue; null stands for texts that are no credential. */
  private byVenue(): Map<string | null, Watched[]> {
    const groups = new Map<string | null, Watched[]>();
    for (const watched of this.watched.values()) {
      const venueId = watched.credential?.venueId ?? null;
      const group = groups.get(venueId);
      if (group === undefined) groups.set(venueId, [watched]);
      else group.push(watched);
    }
    return groups;
  }

  private async lookAt(venueId: string | null, watched: readonly Watched[]): Promise<void> {
    for (let at = 0; at < watched.length; at += CREDENTIALS_PER_LOOK) {
      await this.lookAtSome(venueId, watched.slice(at, at + CREDENTIALS_PER_LOOK));
    }
  }

  private async lookAtSome(venueId: string | null, watched: readonly Watched[]): Promise<void> {
    let grants: readonly (Grant | null)[] | null = null;
    try {
      const credentials = watched.flatMap(({ credential }) => credential ?? []);
      grants = venueId === null ? [] : await verifyInVenue(this.redis, venueId, credentials, this.now());
    } catch (error) {
      // This says nothing of the credentials: only the clock speaks now.
      this.log.warn({ reason: (error as Error).message }, "credentials could not be looked at");
    }
    watched.forEach((one, index) => {
      const grant = grants === null ? undefined : (grants[index] ?? null);
      if (grant !== undefined && grant !== null) one.expiresAtMs = grant.expiresAtMs;
      const isExpired = one.expiresAtMs !== null && one.expiresAtMs <= this.now();
      if (grant === null || isExpired) this.tell(one);
    });
  }

  private tell(dead: Watched): void {
    if (this.watched.get(dead.token) === dead) this.watched.delete(dead.token);
    for (const listener of dead.listeners) listener();
    dead.listeners.clear();
  }
}
