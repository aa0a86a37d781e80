import type { MachineKey } from "../access/machine-key.ts";
import { ChainCheck, EMPTY_HEAD } from "./audit-chain.ts";
import type { AuditLog } from "./audit-log.ts";

/** Entries read at once: a few milliseconds' work. */
const ENTRIES_PER_LOOK = 1_000;
/** A verdict stands for so long, ms: however many ask, the log is read once. */
const VERDICT_MS = 60_000;

/** Whether the log is what was written. */
export interface ChainVerdict {
  readonly checkedMs: number;
  /** What is wrong with it, or null. */
  readonly trouble: string | null;
}

/**
 * Follows the log's chain, for whoever asks. Who cuts the log's end and sets its head back is not
 * found out so: `npm run audit -- --verify` keeps the end that it found.
 */
export class ChainVerifier {
  private readonly log: AuditLog;
  private readonly key: MachineKey;
  private readonly now: () => number;
  private running: Promise<ChainVerdict> | null = null;
  private last: ChainVerdict | null = null;

  constructor(log: AuditLog, key: MachineKey, now: () => number) {
    this.log = log;
    this.key = key;
    this.now = now;
  }

  /** A verdict of the last minute. One reading at a time, whoever asks. */
  async verdict(): Promise<ChainVerdict> {
    if (this.last !== null && this.now() - this.last.checkedMs < VERDICT_MS) return this.last;
    this.running ??= this.follow().finally(() => {
      this.running = null;
    });
    this.last = await this.running;
    return this.last;
  }

  private async follow(): Promise<ChainVerdict> {
    const check = new ChainCheck(this.key, EMPTY_HEAD);
    for (;;) {
      const stretch = await this.log.stretch(check.head.count, ENTRIES_PER_LOOK);
      const trouble = check.follow(stretch, this.now());
      if (trouble !== null) return this.found(trouble);
      if (stretch.entries.length === 0) return this.found(check.end(stretch.head));
    }
  }

  private found(trouble: string | null): ChainVerdict {
    return { checkedMs: this.now(), trouble };
  }
}
