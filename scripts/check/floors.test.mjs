import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { run } from "../child.mjs";
import { olderThanAdvised } from "../install/redis-advice.mjs";
import { root } from "../root.mjs";
import { floors, versionTroubles } from "./floors.mjs";

test("what is locked and what is installed meets the floors", () => {
  expect(versionTroubles()).toEqual([]);
  const installed = floors.map(({ name }) => {
    const { version } = JSON.parse(readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8"));
    return [`node_modules/${name}`, { version }];
  });
  expect(versionTroubles({ packages: Object.fromEntries(installed) })).toEqual([]);
});

test("one that is too old, or another than the exact one, is named", () => {
  const packages = Object.fromEntries(floors.map(({ name, floor }) => [`node_modules/${name}`, { version: floor }]));
  expect(versionTroubles({ packages })).toEqual([]);
  packages["node_modules/ws"] = { version: "8.21.0" };
  packages["node_modules/bullmq"] = { version: "6.7.1" };
  packages["api/node_modules/fastify"] = { version: "5.12.2-rc.1" };
  packages["node_modules/maplibre-gl"] = { version: "6.17.0" };
  expect(versionTroubles({ packages })).toEqual([
    "node_modules/ws is 8.21.0, but must be 8.21.1 or later",
    "api/node_modules/fastify is 5.12.2-rc.1, but must be 5.12.2 or later",
    "node_modules/bullmq is 6.7.1, but must be 6.7.0",
  ]);
});

test.each([
  ["7.0.14", "7.0.15"],
  ["7.0.15", undefined],
  ["7.2.10", "7.2.11"],
  ["7.4.0", "8.6.3"],
  ["8.6.3", undefined],
  ["8.8.1", "8.8.2"],
  ["8.8.2", undefined],
  ["9.0.0", undefined],
])("Redis %s is advised to become %s", (version, advised) => {
  const advice = olderThanAdvised("redis-server", version);
  if (advised === undefined) expect(advice).toBeUndefined();
  else expect(advice).toContain(`install ${advised} or later`);
});

test("the bill of materials names what is shipped, without asking anybody", async () => {
  const { code, stdout } = await run(process.execPath, ["scripts/sbom.mjs", "--print"], { cwd: root, quiet: true });
  expect(code).toBe(0);
  const bill = JSON.parse(stdout);
  expect(bill).toMatchObject({ bomFormat: "CycloneDX" });
  const names = bill.components.map((/** @type {{ name: string }} */ { name }) => name);
  expect(names).toEqual(expect.arrayContaining(["fastify", "ws", "bullmq", "maplibre-gl"]));
  expect(names).not.toContain("vitest");
}, 60_000);
