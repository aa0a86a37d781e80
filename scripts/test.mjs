// npm test: installs what the tests need, builds what they start, and runs them. Arguments go to vitest.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildAll } from "./build/build-all.mjs";
import { run } from "./child.mjs";
import { ensureChromium } from "./install/chromium.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { ensureRedisServer } from "./install/redis-server.mjs";
import { root } from "./root.mjs";
import { closingLine } from "./test/closing-line.mjs";
import { runMain } from "./trouble.mjs";

await runMain(async () => {
  await ensureNpmPackages();
  const redis = await ensureRedisServer();
  const chromium = await ensureChromium();
  await buildAll({ quiet: true });
  return runVitest(process.argv.slice(2), { REDIS_SERVER: redis.command, CHROMIUM_PATH: chromium });
});

/**
 * @param {string[]} args
 * @param {Record<string, string>} found where the programs are that the tests start
 * @returns {Promise<number>} vitest's exit code
 */
async function runVitest(args, found) {
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
