import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { Trouble } from "../trouble.mjs";
import { identify, isAlive } from "./process-identity.mjs";

/**
 * Takes a data dir for this process alone. The lock of a process that has ended is taken over.
 * @param {string} file
 * @param {string} folder the data dir, for the message
 * @returns {Promise<() => void>} gives it back
 * @throws {Trouble} if another process holds it
 */
export async function takeLock(file, folder) {
  const candidate = `${file}.${process.pid}`;
  const mine = JSON.stringify(identify(process.pid));
  writeFileSync(candidate, mine);
  try {
    if (!linkIfAbsent(candidate, file)) await takeOver(candidate, file, folder);
    // Of two that take over the same stale lock, the one whose file was replaced sees it now.
    if (readFileSync(file, "utf8") !== mine) throw inUse(file, folder);
  } finally {
    rmSync(candidate, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/**
 * @param {string} candidate
 * @param {string} file
 */
function linkIfAbsent(candidate, file) {
  try {
    linkSync(candidate, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} candidate
 * @param {string} file
 * @param {string} folder
 */
async function takeOver(candidate, file, folder) {
  const holder = readHolder(file);
  if (holder && isAlive(holder)) throw inUse(file, folder);
  renameSync(candidate, file);
  await wait(100);
}

/** @param {string} file */
function readHolder(file) {
  try {
    return /** @type {import("./process-identity.mjs").ProcessIdentity} */ (JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} folder
 */
function inUse(file, folder) {
  const holder = readHolder(file);
  return new Trouble(
    `Another npm start (process ${holder?.pid}) uses ${folder}: stop it, or give --data-dir another folder.`,
  );
}
