// npm run simulate | replay | accounts | audit | bench | faults: builds the tool where needed and runs it with the arguments
// that follow its name.
import { spawn } from "node:child_process";
import path from "node:path";
import { buildAll } from "./build/build-all.mjs";
import { exitCode } from "./child.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { callerFolder, root } from "./root.mjs";
import { runMain, Trouble } from "./trouble.mjs";

/** Every tool's program, and the targets that must be built for it. */
const tools = {
  simulate: { program: "simulator/dist/simulate.js", needs: ["simulator"] },
  replay: { program: "simulator/dist/replay.js", needs: ["simulator"] },
  accounts: { program: "api/dist/tools/accounts.js", needs: ["api"] },
  audit: { program: "api/dist/tools/audit.js", needs: ["api"] },
  bench: { program: "bench/dist/main.js", needs: ["ingest", "processor", "api", "simulator", "visualizer", "bench"] },
  faults: { program: "faults/dist/main.js", needs: ["ingest", "processor", "api", "faults"] },
};

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  const tool = tools[/** @type {keyof typeof tools} */ (name)];
  if (!tool) throw new Trouble(`Which tool? One of: ${Object.keys(tools).join(", ")}.`);
  await ensureNpmPackages();
  await buildAll({ names: tool.needs, quiet: true });
  return runInForeground(path.join(root, tool.program), args);
});

/**
 * Runs a program in this one's place: its terminal, its signals, its exit code.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function runInForeground(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--enable-source-maps", program, ...args], {
      cwd: callerFolder,
      stdio: "inherit",
    });
    // Ctrl-C reaches the tool from the terminal as well; what it does about it decides when this script ends.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(exitCode(code, signal)));
  });
}
