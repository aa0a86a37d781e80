import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/**
 * A process that stays the same one: its number alone may later be another's.
 * @typedef {{ pid: number, identity: string }} ProcessIdentity
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined} undefined if there is none
 */
export function identify(pid) {
  const identity = existsSync("/proc/self/stat") ? identityFromProc(pid) : identityFromPs(pid);
  return identity === undefined ? undefined : { pid, identity };
}

/** @param {ProcessIdentity} known */
export function isAlive(known) {
  return identify(known.pid)?.identity === known.identity;
}

/**
 * Asks a process to end, waits, and ends it if it does not.
 * @param {ProcessIdentity} known
 * @param {number} patienceMs
 */
export async function endProcess(known, patienceMs) {
  if (isAlive(known)) process.kill(known.pid, "SIGTERM");
  const deadline = performance.now() + patienceMs;
  while (isAlive(known) && performance.now() < deadline) await wait(50);
  if (isAlive(known)) process.kill(known.pid, "SIGKILL");
  while (isAlive(known)) await wait(20);
}

/**
 * The moment of its start in clock ticks, and the boot that counts them. A zombie has ended.
 * @param {number} pid
 */
function identityFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return `${fields[19]}@${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function identityFromPs(pid) {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
