import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endLeftOvers, recordProcess } from "./left-overs.mjs";
import { takeLock } from "./lock.mjs";
import { identify, isAlive } from "./process-identity.mjs";

/** @type {string} */
let folder;
/** @type {import("node:child_process").ChildProcess[]} */
let children = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "encounter-processes-"));
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  rmSync(folder, { recursive: true });
});

/**
 * A process that runs until it is ended.
 * @param {string} [onTerm] what it does on SIGTERM; by default it ends
 * @returns {Promise<import("node:child_process").ChildProcess & { pid: number }>}
 */
function startProcess(onTerm = "process.exit()") {
  const script = `process.on("SIGTERM", () => ${onTerm}); setInterval(() => {}, 1000); console.log("up")`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return new Promise((resolve) => {
    child.stdout.once("data", () => resolve(/** @type {any} */ (child)));
  });
}

test("a process that ended is not mistaken for another of its number", async () => {
  const child = await startProcess();
  const known = identify(child.pid);
  if (!known) throw new Error("a running process has an identity");
  expect(isAlive(known)).toBe(true);
  expect(isAlive({ ...known, identity: "1@an-earlier-boot" })).toBe(false);
  child.kill("SIGKILL");
  await expect.poll(() => isAlive(known)).toBe(false);
});

test("what an earlier start left running is ended, also if it does not listen, and forgotten", async () => {
  const polite = await startProcess();
  const deaf = await startProcess("{}");
  recordProcess(folder, "ingest", polite.pid);
  recordProcess(folder, "redis", deaf.pid);
  recordProcess(folder, "api", 2 ** 22 + 1);
  expect((await endLeftOvers(folder, 300)).sort()).toEqual(["ingest", "redis"]);
  expect(identify(polite.pid)).toBeUndefined();
  expect(identify(deaf.pid)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("a recorded process whose number is now another's is left alone", async () => {
  const stranger = await startProcess();
  writeFileSync(path.join(folder, "ingest.json"), JSON.stringify({ pid: stranger.pid, identity: "1@an-earlier-boot" }));
  expect(await endLeftOvers(folder, 300)).toEqual([]);
  expect(identify(stranger.pid)).toBeDefined();
});

test("a lock is one process's alone, and is given back", async () => {
  const file = path.join(folder, "lock");
  const giveBack = await takeLock(file, folder);
  await expect(takeLock(file, folder)).rejects.toThrow(`Another npm start (process ${process.pid}) uses ${folder}`);
  giveBack();
  expect(existsSync(file)).toBe(false);
});

test("the lock of a process that was killed is taken over", async () => {
  const file = path.join(folder, "lock");
  const child = await startProcess();
  const known = identify(child.pid);
  writeFileSync(file, JSON.stringify(known));
  await expect(takeLock(file, folder)).rejects.toThrow(`process ${child.pid}`);
  child.kill("SIGKILL");
  await expect.poll(() => identify(child.pid)).toBeUndefined();
  const giveBack = await takeLock(file, folder);
  giveBack();
});
