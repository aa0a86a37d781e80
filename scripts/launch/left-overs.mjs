import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endProcess, identify, isAlive } from "./process-identity.mjs";

/** @typedef {import("./process-identity.mjs").ProcessIdentity} ProcessIdentity */

/**
 * Notes that a program of this data dir runs, so that a later start finds it should this one be killed.
 * @param {string} folder
 * @param {string} name
 * @param {number} pid
 * @returns {() => void} forgets it
 */
export function recordProcess(folder, name, pid) {
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(identify(pid) ?? { pid, identity: "" }));
  return () => rmSync(file, { force: true });
}

/**
 * Ends what an earlier start left running: first what writes to Redis, then Redis.
 * @param {string} folder
 * @param {number} patienceMs per program
 * @returns {Promise<string[]>} their names
 */
export async function endLeftOvers(folder, patienceMs) {
  const records = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const alive = records.map((file) => ({ name: path.basename(file, ".json"), known: read(path.join(folder, file)) }));
  const found = alive.filter(({ known }) => isAlive(known));
  const endAll = (/** @type {typeof found} */ some) =>
    Promise.all(some.map(({ known }) => endProcess(known, patienceMs)));
  await endAll(found.filter(({ name }) => name !== "redis"));
  await endAll(found.filter(({ name }) => name === "redis"));
  for (const file of records) rmSync(path.join(folder, file), { force: true });
  return found.map(({ name }) => name);
}

/**
 * @param {string} file
 * @returns {ProcessIdentity}
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { pid: 0, identity: "" };
  }
}
