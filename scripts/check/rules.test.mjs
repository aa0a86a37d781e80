import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../child.mjs";
import { root } from "../root.mjs";

/** @type {string} a project with the rules of this one and nothing else */
let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "encounter-rules-"));
  for (const file of ["biome.json", ".dependency-cruiser.mjs", "scripts/lint/no-clock-no-randomness.grit"]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    copyFileSync(path.join(root, file), path.join(folder, file));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * @param {string} file
 * @param {string} content
 */
function write(file, content) {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

/**
 * @param {string} program under node_modules
 * @param {string[]} args
 */
const runTool = (program, ...args) =>
  run(process.execPath, [path.join(root, "node_modules", program), ...args], { cwd: folder, quiet: true });

describe("core asks no clock and has no randomness", () => {
  const lint = () => runTool("@biomejs/biome/bin/biome", "lint", "--vcs-enabled=false", "core");

  test.each([
    "export const now = Date.now();",
    "export const now = new Date();",
    "const { now } = Date;\nexport const then = now();",
    "const clock = Date.now;\nexport const then = clock();",
    'export const now = Date["now"]();',
    "export const draw = Math.random();",
    "export const now = performance.now();",
    "export const id = crypto.randomUUID();",
    "export const draw = globalThis.Math.random();",
  ])("so that %j is refused", async (source) => {
    write("core/src/domain/rule.ts", `${source}\n`);
    const { code, output } = await lint();
    expect(output).toContain("core/src/domain/rule.ts");
    expect(code).toBe(1);
  });

  test("while a date of a given time, and a test's clock, are allowed", async () => {
    write("core/src/domain/rule.ts", "export const text = new Date(5).toISOString();\n");
    write("core/src/domain/rule.test.ts", "export const now = Date.now();\n");
    expect(await lint()).toMatchObject({ code: 0 });
  });
});

describe("imports point one way", () => {
  const forbidden = /** @type {const} */ ([
    ["domain-imports-nothing", "core/src/domain/fix.ts", "core/src/wire/reply.ts"],
    ["wire-knows-domain-only", "core/src/wire/frame.ts", "core/src/storage/batch.ts"],
    ["storage-knows-domain-only", "core/src/storage/keys.ts", "core/src/wire/reply.ts"],
    ["core-knows-no-service", "core/src/service/log.ts", "api/src/route.ts"],
    ["ingest-stands-alone", "ingest/src/door.ts", "processor/src/job.ts"],
    ["processor-stands-alone", "processor/src/worker.ts", "api/src/route.ts"],
    ["api-stands-alone", "api/src/pages.ts", "visualizer/src/plan.ts"],
    ["outsiders-see-no-storage", "simulator/src/simulate.ts", "core/src/storage/batch.ts"],
    ["outsiders-see-no-storage", "visualizer/src/map.ts", "core/src/service/redis.ts"],
    ["outsiders-stand-alone", "visualizer/src/legend.ts", "simulator/src/crowd.ts"],
    ["no-test-in-production", "api/src/main.ts", "api/src/main.test.ts"],
    ["no-node-in-the-language", "core/src/storage/file.ts", "fs"],
    ["no-node-in-the-map", "visualizer/src/file.ts", "fs"],
    ["no-cycle", "core/src/domain/one.ts", "core/src/domain/other.ts"],
  ]);
  const allowed = /** @type {const} */ ([
    ["core/src/storage/index.ts", "core/src/domain/minute.ts"],
    ["core/src/wire/live.ts", "core/src/domain/minute.ts"],
    ["ingest/src/main.ts", "core/src/service/redis.ts"],
    ["processor/src/main.ts", "core/src/storage/batch.ts"],
    ["visualizer/src/main.ts", "core/src/wire/reply.ts"],
  ]);

  /**
   * Makes one file import another.
   * @param {string} from
   * @param {string} to
   */
  function link(from, to) {
    const specifier = to === "fs" ? "node:fs" : path.relative(path.dirname(from), to).replace(/^(?!\.)/, "./");
    write(from, `import "${specifier}";\n`);
  }

  test("so that what goes another way is refused, and nothing else is", async () => {
    const links = [...forbidden.map(([, from, to]) => /** @type {const} */ ([from, to])), ...allowed];
    for (const [, to] of links) if (to !== "fs") write(to, "export const thing = 1;\n");
    for (const [from, to] of links) link(from, to);
    link("core/src/domain/other.ts", "core/src/domain/one.ts");
    const { output } = await runTool(
      "dependency-cruiser/bin/dependency-cruise.mjs",
      ...["--config", ".dependency-cruiser.mjs", "--output-type", "json", "."],
    );
    /** @type {{ rule: { name: string }, from: string, to: string }[]} */
    const violations = JSON.parse(output).summary.violations;
    const found = violations.map(({ rule, from, to }) => `${rule.name}: ${from} to ${to}`);
    expect(found.sort()).toEqual([...forbidden].map(([rule, from, to]) => `${rule}: ${from} to ${to}`).sort());
  });
});
