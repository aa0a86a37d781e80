import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** @typedef {import("./targets.mjs").Target} Target */

/**
 * A hash over the names and contents of all that decides a target's outcome, tests left out.
 * @param {string} root
 * @param {Target} target
 */
export function fingerprint(root, target) {
  const hash = createHash("sha256");
  for (const file of target.sources.flatMap((source) => filesIn(root, source))) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} place a folder or a file, from the root; absent is allowed
 * @returns {string[]}
 */
function filesIn(root, place) {
  const absolute = path.join(root, place);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [place];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.\w+$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).some((folder) => folder === "dist" || folder === "node_modules"))
    .sort();
}

/**
 * Whether the target was last built from exactly this, and its outputs are still there.
 * @param {string} root
 * @param {Target} target
 */
export function upToDate(root, target) {
  if (!target.outputs.every((output) => existsSync(path.join(root, output)))) return false;
  const stamp = stampFile(root, target);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(root, target);
}

/**
 * Remembers what a target was built from.
 * @param {string} root
 * @param {Target} target
 * @param {string} builtFrom its fingerprint, taken before the build began
 */
export function rememberBuild(root, target, builtFrom) {
  const stamp = stampFile(root, target);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, builtFrom);
}

/**
 * @param {string} root
 * @param {Target} target
 */
function stampFile(root, target) {
  return path.join(root, "node_modules", ".cache", "encounter", `${target.name}.fingerprint`);
}
