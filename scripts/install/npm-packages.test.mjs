import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "../root.mjs";
import { installedAsLocked } from "./npm-packages.mjs";

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "encounter-packages-"));
  mkdirSync(path.join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * @param {string} file
 * @param {Record<string, object>} packages
 */
const writeLock = (file, packages) => writeFileSync(path.join(folder, file), JSON.stringify({ packages }));
const lock = "package-lock.json";
const installed = "node_modules/.package-lock.json";

describe("installed packages are those of the lockfile", () => {
  const wanted = { "": {}, core: { version: "0.1.0" }, "node_modules/ws": { version: "8.23.0" } };

  test("if each is there in its version", () => {
    writeLock(lock, wanted);
    writeLock(installed, { "node_modules/ws": { version: "8.23.0" } });
    expect(installedAsLocked(folder)).toBe(true);
  });

  test("not if one is missing or of another version", () => {
    writeLock(lock, wanted);
    writeLock(installed, {});
    expect(installedAsLocked(folder)).toBe(false);
    writeLock(installed, { "node_modules/ws": { version: "8.22.0" } });
    expect(installedAsLocked(folder)).toBe(false);
  });

  test("not if nothing has been installed", () => {
    writeLock(lock, wanted);
    expect(installedAsLocked(folder)).toBe(false);
  });

  test("also where what is for other platforms is absent", () => {
    writeLock(lock, { ...wanted, "node_modules/fast-on-vms": { version: "1.0.0", optional: true } });
    writeLock(installed, { "node_modules/ws": { version: "8.23.0" } });
    expect(installedAsLocked(folder)).toBe(true);
  });
});

test("the lockfile names every platform's packages, without which npm ci refuses it", () => {
  /** @type {{ packages: Record<string, { version?: string, optionalDependencies?: Record<string, string> }> }} */
  const { packages } = JSON.parse(readFileSync(path.join(root, lock), "utf8"));
  const missing = Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !packages[`node_modules/${name}`]?.version && !packages[`${place}/node_modules/${name}`]?.version,
    ),
  );
  expect(missing).toEqual([]);
});
