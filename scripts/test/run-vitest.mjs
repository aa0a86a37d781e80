import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { run } from "../child.mjs";
import { root } from "../root.mjs";
import { closingLine } from "./closing-line.mjs";

/**
 * Runs tests and says at the end what came of them.
 * @param {string[]} args
 * @param {Record<string, string>} found where the programs are that the tests start
 * @returns {Promise<number>} vitest's exit code
 */
export async function runVitest(args, found) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "encounter-tests-"));
  const report = path.join(folder, "report.json");
  // Whoever chooses a reporter gets that one alone.
  const ownReporter = args.some((arg) => arg.startsWith("--reporter"));
  const reporters = ownReporter ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const { code } = await run(process.execPath, [vitest, "run", ...reporters, ...args], {
    cwd: root,
    env: { ...process.env, ...found },
  });
  if (!ownReporter) console.log(closingLine(report));
  rmSync(folder, { recursive: true, force: true });
  return code;
}
