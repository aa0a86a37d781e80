import { readFileSync } from "node:fs";
import path from "node:path";
import { run } from "../child.mjs";
import { root } from "../root.mjs";
import { Trouble } from "../trouble.mjs";

/** @typedef {{ packages?: Record<string, { version?: string, link?: boolean, optional?: boolean }> }} Lockfile */

/** Runs `npm ci` where node_modules is missing or is not what the lockfile says; otherwise it costs some milliseconds. */
export async function ensureNpmPackages() {
  if (installedAsLocked(root)) return;
  console.log("Installing npm packages ...");
  // Development dependencies build and check; an inherited NODE_ENV=production would leave them out.
  const { code } = await npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) throw new Trouble(`npm ci failed (exit code ${code}): see its lines above.`);
}

/**
 * Whether node_modules holds every package of the lockfile in its version. Packages that are for another platform
 * only may be absent. Contents are compared, not times, for a checkout gives files new times.
 * @param {string} folder the folder of package-lock.json
 */
export function installedAsLocked(folder) {
  const wanted = readLockfile(path.join(folder, "package-lock.json"));
  const present = readLockfile(path.join(folder, "node_modules", ".package-lock.json"));
  if (!wanted?.packages || !present?.packages) return false;
  const there = present.packages;
  return Object.entries(wanted.packages)
    .filter(([place, entry]) => place.includes("node_modules/") && !entry.optional)
    .every(([place, entry]) => place in there && there[place]?.version === entry.version);
}

/**
 * @param {string} file
 * @returns {Lockfile | undefined}
 */
function readLockfile(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The npm that called this script, or else the one on the PATH.
 * @param {string[]} args
 */
function npm(args) {
  const self = process.env.npm_execpath;
  return self?.endsWith("npm-cli.js")
    ? run(process.execPath, [self, ...args], { cwd: root })
    : run("npm", args, { cwd: root });
}
