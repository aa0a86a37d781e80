import { existsSync } from "node:fs";
import path from "node:path";
import { run } from "../child.mjs";
import { root } from "../root.mjs";
import { Trouble } from "../trouble.mjs";
import { fingerprint, rememberBuild, upToDate } from "./fingerprint.mjs";
import { targets } from "./targets.mjs";

/** @typedef {import("./targets.mjs").Target} Target */

/**
 * Builds what is missing or out of date. npm packages must be installed.
 * @param {{ names?: string[], force?: boolean, quiet?: boolean }} [options] `names`: these targets only
 * @throws {Trouble} where something does not build; the builder's own lines have been shown
 */
export async function buildAll({ names = targets.map((target) => target.name), force = false, quiet = false } = {}) {
  const wanted = targets.filter((target) => names.includes(target.name) && sourcesExist(target));
  const stale = wanted.filter((target) => force || !upToDate(root, target));
  if (stale.length === 0) {
    if (!quiet) console.log("Everything is built and up to date.");
    return;
  }
  console.log(`Building ${stale.map((target) => target.name).join(", ")} ...`);
  await Promise.all(stale.map(buildTarget));
}

/** @param {Target} target */
function sourcesExist(target) {
  const needed = [
    ...Object.keys(target.bundles),
    ...(target.name === "visualizer" ? ["visualizer/vite.config.ts"] : []),
  ];
  const missing = needed.filter((file) => !existsSync(path.join(root, file)));
  if (missing.length > 0) console.log(`Not building ${target.name}: ${missing.join(", ")} is not there.`);
  return missing.length === 0;
}

/** @param {Target} target */
async function buildTarget(target) {
  const builtFrom = fingerprint(root, target);
  await (target.name === "visualizer" ? buildMap() : bundleTarget(target));
  rememberBuild(root, target, builtFrom);
}

/** @param {Target} target */
async function bundleTarget(target) {
  // Imported only now: on a fresh clone the packages it needs are installed after this script has started.
  const { bundle } = await import("./bundles.mjs");
  await bundle(root, target.bundles).catch((error) => {
    throw new Trouble(`${target.name} does not build: ${error.errors?.[0]?.text ?? error.message}`);
  });
}

async function buildMap() {
  const vite = path.join(root, "node_modules", "vite", "bin", "vite.js");
  const options = { cwd: path.join(root, "visualizer"), quiet: true };
  const { code, output } = await run(process.execPath, [vite, "build", "--logLevel", "warn"], options);
  if (code === 0) return;
  console.error(output.trimEnd());
  throw new Trouble("visualizer does not build: see the lines above.");
}
