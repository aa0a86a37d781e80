import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditStretch } from "@encounter/core/wire/audit";
import { MachineKey } from "../access/machine-key.ts";
import { ChainCheck, EMPTY_HEAD } from "../audit/audit-chain.ts";
import type { AuditHead } from "../audit/audit-entry.ts";
import { call, type Owner } from "./operators-call.ts";

/** Where the end that was last verified is kept: outside the store, so that a log that was cut is known to be shorter. */
const HEAD_FILE = "audit-verified.json";

export interface Verdict {
  readonly isWhole: boolean;
  /** For a person: how long the log is, or what is wrong with it. */
  readonly line: string;
}

/** Follows the log's chain from its beginning, and compares it with the end that the last run found. */
export async function verifyLog(owner: Owner): Promise<Verdict> {
  const check = new ChainCheck(new MachineKey(owner.machineKey), EMPTY_HEAD);
  const former = readFormer(owner);
  for (;;) {
    const { entries, head } = await call<AuditStretch>(owner, "GET", `/v1/audit/chain?after=${check.head.count}`);
    for (const entry of entries) {
      const trouble = check.take(entry);
      if (trouble !== null) return broken(trouble);
      if (check.head.count === former.count && check.head.hash !== former.hash) {
        return broken(`entry ${former.count} is not the one that was verified before`);
      }
    }
    // What was appended since the end was read is beyond it.
    const isRead = entries.length === 0 || check.head.count >= head.count;
    const trouble = isRead && check.head.count <= head.count ? check.end(head) : null;
    if (trouble !== null) return broken(trouble);
    if (isRead) break;
  }
  const { count, hash } = check.head;
  if (count < former.count) return broken(`the log ends at ${count}, but ${former.count} entries were verified before`);
  if (existsSync(owner.dataDir)) writeFormer(owner, check.head);
  return { isWhole: true, line: `whole: ${count} entries, end ${hash || "-"}` };
}

function broken(trouble: string): Verdict {
  return { isWhole: false, line: `BROKEN: ${trouble}` };
}

function readFormer({ dataDir }: Owner): AuditHead {
  const file = join(dataDir, HEAD_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as AuditHead) : EMPTY_HEAD;
}

function writeFormer({ dataDir }: Owner, head: AuditHead): void {
  writeFileSync(join(dataDir, HEAD_FILE), JSON.stringify(head), { mode: 0o600 });
}
