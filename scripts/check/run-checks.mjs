import os from "node:os";
import path from "node:path";
import { run } from "../child.mjs";
import { root } from "../root.mjs";
import { allChecks } from "./checks.mjs";

/** @typedef {import("./checks.mjs").Check & { passed: boolean, seconds: number }} Result */

/**
 * Runs every check, as many at a time as there are cores, shows the output of those that fail and a summary.
 * @returns {Promise<boolean>} whether all passed
 */
export async function runChecks() {
  const waiting = allChecks();
  /** @type {Result[]} */
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await runCheck(check));
  };
  await Promise.all(Array.from({ length: Math.max(2, os.availableParallelism()) }, worker));
  return summarize(results);
}

/**
 * @param {import("./checks.mjs").Check} check
 * @returns {Promise<Result>}
 */
async function runCheck(check) {
  const [program = "", ...args] = check.command;
  const started = performance.now();
  const { code, output } = await run(process.execPath, [path.join(root, "node_modules", program), ...args], {
    cwd: root,
    quiet: true,
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
  });
  if (code !== 0) console.log(`\n--- ${check.name}\n${output.trimEnd()}\n`);
  return { ...check, passed: code === 0, seconds: (performance.now() - started) / 1000 };
}

/** @param {Result[]} results */
function summarize(results) {
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
  }
  const failed = results.filter((result) => !result.passed).map((result) => result.name);
  console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`);
  return failed.length === 0;
}
