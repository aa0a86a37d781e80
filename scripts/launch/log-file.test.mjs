import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LogFile } from "./log-file.mjs";

test("a log keeps the newest lines in two files of bounded size", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "encounter-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "api.log");
  const log = new LogFile(file, 1_000);
  for (let i = 0; i < 500; i++) log.write(`line ${i}`);
  expect(readdirSync(folder).sort()).toEqual(["api.log", "api.log.1"]);
  expect(statSync(`${file}.1`).size).toBeLessThan(1_020);
  expect(statSync(file).size).toBeLessThan(1_020);
  expect(readFileSync(file, "utf8")).toMatch(/line 499\n$/);
});
