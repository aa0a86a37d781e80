// npm run simulate | replay | accounts | audit | bench | faults: builds the tool where needed and runs it with the arguments
// that follow its name.
import { spawn } from "node:child_process";
import path from "node:path";
import { buildAll } from "./build/build-all.mjs";
import { exitCode } from "./child.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { ensureRedisServer } from "./install/redis-server.mjs";
import { callerFolder, root } from "./root.mjs";
import { runMain, Trouble } from "./trouble.mjs";

/**
 * Every tool's program, the targets that must be built for it, and whether it starts a Redis of its own.
 * @type {Record<string, { program: string, needs: string[], startsRedis?: true }>}
 */
const tools = {
  simulate: { program: "simulator/dist/simulate.js", needs: ["simulator"] },
  replay: { program: "simulator/dist/replay.js", needs: ["simulator"] },
  accounts: { program: "api/dist/tools/accounts.js", needs: ["api"] },
  audit: { program: "api/dist/tools/audit.js", needs: ["api"] },
  bench: { program: "bench/dist/main.js", needs: ["ingest", "processor", "api", "simulator", "visualizer", "bench"] },
  faults: { program: "faults/dist/main.js", needs: ["ingest", "processor", "api", "faults"], startsRedis: true },
};

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  const tool = tools[name ?? ""];
  if (!tool) throw new Trouble(`Which tool? One of: ${Object.keys(tools).join(", ")}.`);
  await ensureNpmPackages();
  await buildAll({ names: tool.needs, quiet: true });
  /** @type {Record<string, string>} */
  const found = tool.startsRedis ? { REDIS_SERVER: (await ensureRedisServer()).command } : {};
  return runInForeground(path.join(root, tool.program), args, found);
});

/**
 * Runs a program in this one's place: its terminal, its signals, its exit code.
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} found where the programs are that it starts
 * @returns {Promise<number>}
 */
function runInForeground(program, args, found) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--enable-source-maps", program, ...args], {
      cwd: callerFolder,
      env: { ...process.env, ...found },
      stdio: "inherit",
    });
    // Ctrl-C reaches the tool from the terminal as well; what it does about it decides when this script ends.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(exitCode(code, signal)));
  });
}
