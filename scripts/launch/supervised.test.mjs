import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataDir } from "./data-dir.mjs";
import { readServiceLine } from "./last-words.mjs";
import { Supervised } from "./supervised.mjs";

/** @type {DataDir} */
let dataDir;
/** @type {string[]} */
let said;
/** @type {Supervised | undefined} */
let supervised;
beforeEach(() => {
  dataDir = new DataDir(mkdtempSync(path.join(os.tmpdir(), "encounter-supervised-")));
  said = [];
});
afterEach(async () => {
  await supervised?.stop(1_000);
  rmSync(dataDir.folder, { recursive: true });
});

/** @param {string} script what the program does, in JavaScript; the line "up" says that it is ready */
function supervise(script) {
  const program = {
    name: "ingest",
    command: process.execPath,
    args: ["-e", script],
    read: readServiceLine,
    saysReady: (/** @type {string} */ line) => line === "up",
  };
  supervised = new Supervised(program, dataDir, (line) => said.push(line));
  return supervised;
}

const running = "setInterval(() => {}, 1000); console.log('up')";
const pid = () => JSON.parse(readFileSync(path.join(dataDir.run, "ingest.json"), "utf8")).pid;

test("a program that ends before it is up fails the start with its own last line", async () => {
  const program = supervise("console.error('ingest: port 1 is taken'); process.exit(1)");
  await expect(program.start()).rejects.toThrow(/^ingest: port 1 is taken$/);
});

test("a program that ends without a word is named", async () => {
  await expect(supervise("process.exit(7)").start()).rejects.toThrow("ingest: ended (exit code 7) before it was up");
});

test("a program that cannot be started is named", async () => {
  supervised = new Supervised(
    { name: "redis", command: "/nowhere/redis-server", args: [], read: readServiceLine },
    dataDir,
    () => {},
  );
  await expect(supervised.start()).rejects.toThrow(/^redis: could not be started .*ENOENT/);
});

test("a program that is killed later is started again, and people are told", async () => {
  await supervise(running).start();
  const first = pid();
  process.kill(first, "SIGKILL");
  await expect.poll(() => said, { timeout: 10_000 }).toContain("ingest is up again.");
  expect(said[0]).toBe("ingest was ended by SIGKILL; starting it again in 0.5 s.");
  expect(pid()).not.toBe(first);
});

test("a program that ends again and again is given longer and longer pauses", async () => {
  await supervise(`${running}; setTimeout(() => process.exit(3), 50)`).start();
  const pauses = () => said.map((line) => /again in (\S+) s/.exec(line)?.[1]).filter(Boolean);
  await expect.poll(() => pauses().slice(0, 3), { timeout: 15_000 }).toEqual(["0.5", "1", "2"]);
});

test("a program is stopped in good order, and killed where it does not end", async () => {
  const polite = supervise(`process.on("SIGTERM", () => process.exit(0)); ${running}`);
  await polite.start();
  await polite.stop(5_000);
  const deaf = supervise(`process.on("SIGTERM", () => {}); ${running}`);
  await deaf.start();
  await deaf.stop(200);
  expect(said).toEqual(["ingest did not end within 0.2 s: it is killed."]);
});

test("warnings of a running program are shown and everything is logged", async () => {
  const warning = JSON.stringify({ level: 40, msg: "Redis is slow" });
  const entry = JSON.stringify({ level: 30, msg: "as usual" });
  await supervise(`${running}; setTimeout(() => { console.log('${entry}'); console.log('${warning}') }, 50)`).start();
  await expect.poll(() => said).toEqual(["ingest: Redis is slow"]);
  expect(readFileSync(path.join(dataDir.logs, "ingest.log"), "utf8")).toContain("as usual");
});
