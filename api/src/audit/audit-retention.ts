import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import { TRIM_AUDIT_SCRIPT } from "@encounter/core/storage/audit-script";
import { AUDIT_ANCHOR_KEY, AUDIT_LOG_KEY } from "@encounter/core/storage/keys";
import type { MachineKey } from "../access/machine-key.ts";
import { anchorSeal, ChainCheck, EMPTY_HEAD } from "./audit-chain.ts";
import type { AuditEntry, StoredEntry } from "./audit-entry.ts";
import type { AuditLog } from "./audit-log.ts";

const DAY_MS = 86_400_000;
const INTERVAL_MS = 3_600_000;
/** Entries that go in one step: it holds Redis up for some 5 ms. */
const ENTRIES_PER_STEP = 1_000;

export interface AuditRetentionOptions {
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly audit: AuditLog;
  readonly key: MachineKey;
  readonly days: number;
  readonly now: () => number;
}

/**
 * Shortens the audit log by what is past its retention, by this machine's clock and by the store's. What goes is the
 * beginning of a chain that holds, and its end stays, sealed: the verifier begins there.
 */
export class AuditRetention {
  private readonly options: AuditRetentionOptions;
  private readonly trimScript: RunScript;
  private timer: NodeJS.Timeout | null = null;

  constructor(options: AuditRetentionOptions) {
    this.options = options;
    this.trimScript = defineScript(options.redis, "encounterTrimAudit", TRIM_AUDIT_SCRIPT);
  }

  /** Shortens it now and each hour, until stopped. */
  start(): void {
    const { log } = this.options;
    const shorten = () =>
      void this.apply().catch((error: Error) => log.warn({ reason: error.message }, "audit log not shortened"));
    this.timer = setInterval(shorten, INTERVAL_MS);
    this.timer.unref();
    shorten();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Removes what is too old. @returns how many entries that was */
  async apply(): Promise<number> {
    let removed = 0;
    for (;;) {
      const removedNow = await this.step();
      removed += removedNow;
      if (removedNow < ENTRIES_PER_STEP) break;
    }
    if (removed > 0) this.options.log.info({ entries: removed }, "audit log shortened");
    return removed;
  }

  private async step(): Promise<number> {
    const { audit, key, days, now, log } = this.options;
    const anchor = await audit.readAnchor();
    const check = new ChainCheck(key, EMPTY_HEAD);
    const entries = await audit.after(anchor?.count ?? 0, ENTRIES_PER_STEP);
    const old = entries.slice(0, countOld(entries, now() - days * DAY_MS));
    if (old.length === 0) return 0;
    const troubles = [anchor === null ? null : check.hangOn(anchor, now()), ...old.map((entry) => check.take(entry))];
    const trouble = troubles.find((each) => each !== null);
    if (trouble !== undefined) {
      // What was altered is evidence.
      log.error({ reason: trouble }, "audit log not shortened: it is not whole");
      return 0;
    }
    const { count, hash } = check.head;
    const at = Math.max(anchor?.at ?? 0, ...old.map(timeOf));
    const seal = anchorSeal(key, { count, hash, at });
    const names = [AUDIT_LOG_KEY, AUDIT_ANCHOR_KEY];
    return Number(await this.trimScript(names, [anchor?.count ?? 0, count, hash, at, seal, days * DAY_MS]));
  }
}

/** How many entries from the first on are older than a time: whatever follows a younger one waits for it. */
function countOld(entries: readonly StoredEntry[], beforeMs: number): number {
  const young = entries.findIndex((entry) => !(timeOf(entry) < beforeMs));
  return young < 0 ? entries.length : young;
}

/** When an entry was written, ms; no number where it is none of ours. */
function timeOf({ text }: StoredEntry): number {
  try {
    return (JSON.parse(text) as AuditEntry).at;
  } catch {
    return Number.NaN;
  }
}
