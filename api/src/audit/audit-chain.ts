import type { AuditStretch } from "@encounter/core/wire/audit";
import type { MachineKey } from "../access/machine-key.ts";
import type { AuditAnchor, AuditHead, StoredEntry } from "./audit-entry.ts";
import { AUDIT_RETENTION_DAYS } from "./audit-retention-days.ts";

const DAY_MS = 86_400_000;

/** The end of a log that holds nothing. */
export const EMPTY_HEAD: AuditHead = { count: 0, hash: "" };

/**
 * The hash of an entry: keyed, over its number, the hash before it and its text. Who has only the store can neither
 * write an entry nor change one unnoticed.
 */
export function entryHash(key: MachineKey, before: AuditHead, text: string): string {
  return key.hash("audit chain", String(before.count + 1), before.hash, text);
}

/** What makes an anchor good, beside its place in the chain: it was made by who has the key. */
export function anchorSeal(key: MachineKey, { count, hash, at }: Omit<AuditAnchor, "seal">): string {
  return key.hash("audit anchor", String(count), hash, String(at));
}

/** Follows the chain entry by entry, from its beginning, or from what it hangs on since that was removed. */
export class ChainCheck {
  private readonly key: MachineKey;
  head: AuditHead;

  constructor(key: MachineKey, from: AuditHead) {
    this.key = key;
    this.head = from;
  }

  /**
   * Follows the next stretch of the log, which may have been shortened since the last. What is wrong with it, or null.
   * @param alsoWrong asked with each step: what the caller finds wrong with the chain so far, or null
   */
  follow({ entries, anchor }: AuditStretch, nowMs: number, alsoWrong: () => string | null = () => null): string | null {
    if (anchor !== null && anchor.count > this.head.count) {
      const trouble = this.hangOn(anchor, nowMs) ?? alsoWrong();
      if (trouble !== null) return trouble;
    }
    const { count } = this.head;
    for (const entry of entries.filter(({ seq }) => seq > count)) {
      const trouble = this.take(entry) ?? alsoWrong();
      if (trouble !== null) return trouble;
    }
    return null;
  }

  /** Goes on from an anchor: what came before it was removed. What is wrong with the anchor, or null. */
  hangOn(anchor: AuditAnchor, nowMs: number): string | null {
    if (anchor.seal !== anchorSeal(this.key, anchor)) {
      return `the log says that entries up to ${anchor.count} were removed for their age, and was not told so`;
    }
    if (anchor.at > nowMs - AUDIT_RETENTION_DAYS.min * DAY_MS) {
      return `entries up to ${anchor.count} were removed that were not ${AUDIT_RETENTION_DAYS.min} days old`;
    }
    this.head = { count: anchor.count, hash: anchor.hash };
    return null;
  }

  /** What is wrong with the next entry, or null. */
  take({ seq, text, hash }: StoredEntry): string | null {
    const { count } = this.head;
    if (seq !== count + 1) return `entry ${count + 1} is missing: ${seq} comes after ${count}`;
    if (hash !== entryHash(this.key, this.head, text)) {
      return `entry ${seq} was altered, or does not follow the one before it, or was written with another key`;
    }
    this.head = { count: seq, hash };
    return null;
  }

  /** What is wrong with where the log ends, or null. @param told the end as the log itself tells it */
  end(told: AuditHead): string | null {
    if (told.count > this.head.count) return `the log ends at ${this.head.count}, but ${told.count} were written`;
    return told.hash === this.head.hash ? null : `the log's end says another hash than entry ${told.count}`;
  }
}
