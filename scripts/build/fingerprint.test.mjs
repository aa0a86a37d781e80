import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint, rememberBuild, upToDate } from "./fingerprint.mjs";

const target = { name: "door", sources: ["door/src", "absent"], bundles: {}, outputs: ["door/dist/main.js"] };

/** @type {string} */
let root;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "encounter-build-"));
  write("door/src/main.ts", "1");
  write("door/dist/main.js", "1");
  rememberBuild(root, target, fingerprint(root, target));
});
afterEach(() => rmSync(root, { recursive: true }));

/**
 * @param {string} file
 * @param {string} content
 */
function write(file, content) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

test("what was built from the same sources is up to date", () => {
  write("door/src/main.ts", "1");
  write("door/src/main.test.ts", "a test is no source");
  expect(upToDate(root, target)).toBe(true);
});

test("a changed, added or renamed source makes it stale", () => {
  write("door/src/main.ts", "2");
  expect(upToDate(root, target)).toBe(false);
  write("door/src/main.ts", "1");
  write("door/src/added.ts", "");
  expect(upToDate(root, target)).toBe(false);
});

test("a missing output makes it stale", () => {
  rmSync(path.join(root, "door/dist"), { recursive: true });
  expect(upToDate(root, target)).toBe(false);
});
