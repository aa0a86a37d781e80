import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import { APPEND_AUDIT_SCRIPT } from "@encounter/core/storage/audit-script";
import { AUDIT_ANCHOR_KEY, AUDIT_HEAD_KEY, AUDIT_LOG_KEY, auditSeenKey } from "@encounter/core/storage/keys";
import type { AuditStretch } from "@encounter/core/wire/audit";
import type { MachineKey } from "../access/machine-key.ts";
import { ApiError } from "../http/api-error.ts";
import { EMPTY_HEAD, entryHash } from "./audit-chain.ts";
import type { AuditAnchor, AuditEntry, AuditEvent, AuditHead, StoredEntry } from "./audit-entry.ts";

/** Others may append in between, again and again; more often in a row than any number of processes cause. */
const ATTEMPTS = 200;
/** A window that is watched on and on is an entry again after so long, ms. */
const MARK_MS = 3_600_000;
/** Marks that this process need not ask for. */
const MARKS_MAX = 10_000;

/** The append-only log of who read or changed what. */
export class AuditLog {
  private readonly redis: RedisClient;
  private readonly key: MachineKey;
  private readonly now: () => number;
  private readonly appendScript: RunScript;
  private head: AuditHead = EMPTY_HEAD;
  private last: Promise<void> = Promise.resolve();
  private readonly marks = new Map<string, number>();

  constructor(redis: RedisClient, key: MachineKey, now: () => number) {
    this.redis = redis;
    this.key = key;
    this.now = now;
    this.appendScript = defineScript(redis, "encounterAppendAudit", APPEND_AUDIT_SCRIPT);
  }

  /** A device as the log names it. */
  deviceMark(venueId: string, deviceId: string): string {
    return this.key.hash("audit device", venueId, deviceId);
  }

  /**
   * Writes an event down; once this resolves it is stored.
   * @param once what it is one entry of, however often it happens within the hour
   * @throws ApiError 503 where it cannot be written: what it is about must not happen then
   */
  async write(event: AuditEvent, once: readonly string[] | null = null): Promise<void> {
    const mark = once === null ? null : this.key.hash("audit mark", ...once);
    if (mark !== null && this.isMarked(mark)) return;
    const text = JSON.stringify(this.entryOf(event));
    // One after another: those of one process do not compete for the end of the chain.
    const mine = this.last.then(() => this.append(text, mark));
    this.last = mine.catch(() => {});
    try {
      await mine;
    } catch (error) {
      throw notWritten(error as Error);
    }
    if (mark !== null) this.remember(mark);
  }

  /** As {@link write}, of what was refused: that it cannot be written changes nothing. */
  async note(event: AuditEvent, once: readonly string[] | null = null): Promise<void> {
    await this.write(event, once).catch(() => {});
  }

  /** Entries before a number, newest first. */
  async before(seq: number, count: number): Promise<StoredEntry[]> {
    if (seq <= 1) return [];
    return (await this.redis.xrevrange(AUDIT_LOG_KEY, `${seq - 1}-0`, "-", "COUNT", count)).map(readEntry);
  }

  /** Entries after a number, oldest first. */
  async after(seq: number, count: number): Promise<StoredEntry[]> {
    return (await this.redis.xrange(AUDIT_LOG_KEY, `${seq + 1}-0`, "+", "COUNT", count)).map(readEntry);
  }

  /** Entries after a number, oldest first, with where the log says that it ends and what it hangs on: for verifying it. */
  async stretch(seq: number, count: number): Promise<AuditStretch> {
    // The end first: what is appended meanwhile is then beyond it, and not missing.
    const head = await this.readHead();
    const entries = await this.after(seq, count);
    // The anchor last: whatever was removed meanwhile is before it, and not missing.
    return { entries, head, anchor: await this.readAnchor() };
  }

  /** What it hangs on, or null where it still has its beginning. */
  async readAnchor(): Promise<AuditAnchor | null> {
    const [count, hash, at, seal] = await this.redis.hmget(AUDIT_ANCHOR_KEY, "count", "hash", "at", "seal");
    return count ? { count: Number(count), hash: hash ?? "", at: Number(at), seal: seal ?? "" } : null;
  }

  /** Where the log says that it ends. */
  private async readHead(): Promise<AuditHead> {
    const [count, hash] = await this.redis.hmget(AUDIT_HEAD_KEY, "count", "hash");
    return { count: Number(count ?? 0), hash: hash ?? "" };
  }

  private entryOf({ actor, action, venue, case: reference, deviceId, detail }: AuditEvent): AuditEntry {
    return {
      at: this.now(),
      actor,
      action,
      ...(venue === undefined ? {} : { venue: venue.venueId }),
      ...(venue?.incarnation ? { incarnation: venue.incarnation } : {}),
      ...(reference === undefined ? {} : { case: reference }),
      ...(deviceId === undefined ? {} : { device: this.deviceMark(venue?.venueId ?? "", deviceId) }),
      ...(detail === undefined ? {} : { detail }),
    };
  }

  private async append(text: string, mark: string | null): Promise<void> {
    const keys = [AUDIT_LOG_KEY, AUDIT_HEAD_KEY, ...(mark === null ? [] : [auditSeenKey(mark)])];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { count, hash } = this.head;
      const next = { count: count + 1, hash: entryHash(this.key, this.head, text) };
      const answer = await this.appendScript(keys, [String(count), hash, text, next.hash, MARK_MS]);
      const [outcome, endCount, endHash] = answer as [number, string?, string?];
      if (outcome === 1) this.head = next;
      if (outcome !== 0) return;
      this.head = { count: Number(endCount), hash: endHash ?? "" };
    }
    throw new Error("others keep appending to the audit log");
  }

  private isMarked(mark: string): boolean {
    return (this.marks.get(mark) ?? 0) > this.now();
  }

  private remember(mark: string): void {
    // A little less than it lives in the store, so that the store has the last word.
    this.marks.set(mark, this.now() + MARK_MS / 2);
    if (this.marks.size <= MARKS_MAX) return;
    for (const oldest of this.marks.keys()) {
      this.marks.delete(oldest);
      break;
    }
  }
}

function notWritten({ message }: Error): ApiError {
  const reason = `this must be written to the audit log first, and cannot be (${message}): try again in a moment`;
  return new ApiError(503, "unavailable", reason, { "retry-after": "2" });
}

function readEntry([id, fields]: [string, string[]]): StoredEntry {
  return { seq: Number.parseInt(id, 10), text: fields[1] ?? "", hash: fields[3] ?? "" };
}
