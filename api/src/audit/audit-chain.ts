import type { MachineKey } from "../access/machine-key.ts";
import type { AuditHead, StoredEntry } from "./audit-entry.ts";

/** The end of a log that holds nothing. */
export const EMPTY_HEAD: AuditHead = { count: 0, hash: "" };

/**
 * The hash of an entry: keyed, over its number, the hash before it and its text. Who has only the store can neither
 * write an entry nor change one unnoticed.
 */
export function entryHash(key: MachineKey, before: AuditHead, text: string): string {
  return key.hash("audit chain", String(before.count + 1), before.hash, text);
}

/** Follows the chain entry by entry, from its beginning or from an end that was verified before. */
export class ChainCheck {
  private readonly key: MachineKey;
  head: AuditHead;

  constructor(key: MachineKey, from: AuditHead) {
    this.key = key;
    this.head = from;
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
