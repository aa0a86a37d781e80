import { parseArgs } from "node:util";
import type { AuditPage } from "@encounter/core/wire/audit";
import { call, findOwner, type Owner, runTool } from "./operators-call.ts";
import { verifyLog } from "./verify-log.ts";

const HELP = `npm run audit -- [options]

Shows the newest entries of the audit log, or verifies all of it.

  --verify          follows the chain from its beginning, and from the end that the last run found
  --venue V         entries of this venue alone
  --device D        entries about this device of the venue
  --limit N         how many (default 50)
  --api URL         the operators' door (default http://127.0.0.1:8081)
  --data-dir DIR    where npm start keeps its data (default .data): operator token, machine key, the end last verified
  --help            this text

Environment: OPERATOR_TOKEN and MACHINE_KEY, where npm start does not keep them; API_PORT.
Exit code 1 where the log was altered or cut.
`;

const options = {
  verify: { type: "boolean", default: false },
  venue: { type: "string" },
  device: { type: "string" },
  limit: { type: "string", default: "50" },
  api: { type: "string" },
  "data-dir": { type: "string" },
  help: { type: "boolean", default: false },
} as const;

await runTool(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return say(HELP.trimEnd(), 0);
  const owner = findOwner(values, process.env);
  if (!values.verify) return show(owner, values);
  const { isWhole, line } = await verifyLog(owner);
  return say(line, isWhole ? 0 : 1);
});

async function show(owner: Owner, wanted: { venue?: string; device?: string; limit: string }): Promise<number> {
  const query = new URLSearchParams({ limit: wanted.limit });
  if (wanted.venue !== undefined) query.set("venue", wanted.venue);
  if (wanted.device !== undefined) query.set("device", wanted.device);
  const { entries } = await call<AuditPage>(owner, "GET", `/v1/audit?${query}`);
  for (const { seq, at, actor, action, venue_id: venue, case: reference, device, detail } of entries.reverse()) {
    const words = [`#${seq}`, new Date(at).toISOString(), actor, action, venue ?? "-"];
    if (reference !== null) words.push(`case=${JSON.stringify(reference)}`);
    if (device !== null) words.push(`device=${device.slice(0, 12)}`);
    say([...words, JSON.stringify(detail)].join(" "), 0);
  }
  return 0;
}

function say(line: string, code: number): number {
  process.stdout.write(`${line}\n`);
  return code;
}
