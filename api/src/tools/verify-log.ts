import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditStretch } from "@encounter/core/wire/audit";
import { MachineKey } from "../access/machine-key.ts";
import { ChainCheck, EMPTY_HEAD } from "../audit/audit-chain.ts";
import type { AuditAnchor, AuditHead } from "../audit/audit-entry.ts";
import { call, type Owner } from "./operators-call.ts";

/** Where the end that was last verified is kept: outside the store, so that a log that was cut is known to be shorter. */
const HEAD_FILE = "audit-verified.json";

export interface Verdict {
  readonly isWhole: boolean;
  /** For a person: how long the log is, or what is wrong with it. */
  readonly line: string;
}

/**
 * Follows the log's chain from its beginning, or from what it hangs on since that was removed for its age, and compares
 * it with the end that the last run found.
 */
export async function verifyLog(owner: Owner): Promise<Verdict> {
  const reading = new Reading(new MachineKey(owner.machineKey), readFormer(owner));
  for (;;) {
    const stretch = await call<AuditStretch>(owner, "GET", `/v1/audit/chain?after=${reading.head.count}`);
    const trouble = reading.take(stretch);
    if (trouble !== null) return { isWhole: false, line: `BROKEN: ${trouble}` };
    if (reading.isDone) break;
  }
  if (existsSync(owner.dataDir)) writeFormer(owner, reading.head);
  return { isWhole: true, line: reading.summary() };
}

/** The log as far as it was read and found whole. */
class Reading {
  isDone = false;
  private readonly check: ChainCheck;
  private readonly former: AuditHead;
  private anchor: AuditAnchor | null = null;

  constructor(key: MachineKey, former: AuditHead) {
    this.check = new ChainCheck(key, EMPTY_HEAD);
    this.former = former;
  }

  get head(): AuditHead {
    return this.check.head;
  }

  /** What is wrong with the next stretch, or null. */
  take(stretch: AuditStretch): string | null {
    const { entries, anchor, head } = stretch;
    if (anchor !== null && anchor.count > this.head.count) this.anchor = anchor;
    const trouble = this.check.follow(stretch, Date.now(), () => this.otherThanBefore());
    if (trouble !== null) return trouble;
    this.isDone = entries.length === 0 || this.head.count >= head.count;
    return this.isDone ? this.atEnd(head) : null;
  }

  summary(): string {
    const { count, hash } = this.head;
    const whole = `whole: ${count} entries, end ${hash || "-"}`;
    if (this.anchor === null) return whole;
    const newest = new Date(this.anchor.at).toISOString();
    return `${whole}; the first ${this.anchor.count} of them, up to ${newest}, were removed for their age`;
  }

  private atEnd(told: AuditHead): string | null {
    const { count } = this.head;
    // What was appended since the end was read is beyond it.
    const trouble = count <= told.count ? this.check.end(told) : null;
    if (trouble !== null || count >= this.former.count) return trouble;
    return `the log ends at ${count}, but ${this.former.count} entries were verified before`;
  }

  private otherThanBefore(): string | null {
    const { count, hash } = this.former;
    const isOther = this.head.count === count && this.head.hash !== hash;
    return isOther ? `entry ${count} is not the one that was verified before` : null;
  }
}

function readFormer({ dataDir }: Owner): AuditHead {
  const file = join(dataDir, HEAD_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as AuditHead) : EMPTY_HEAD;
}

function writeFormer({ dataDir }: Owner, head: AuditHead): void {
  writeFileSync(join(dataDir, HEAD_FILE), JSON.stringify(head), { mode: 0o600 });
}
