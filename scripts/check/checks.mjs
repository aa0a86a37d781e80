import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[]} command a program under node_modules, from the root, and its arguments
 */

/**
 * The TypeScript projects, each with its own idea of where it runs. Those of the workspaces that run in Node serve
 * editors; here `tsconfig.node.json` checks them together.
 */
const typeProjects = {
  node: "tsconfig.node.json",
  whole: "tsconfig.json",
  map: "visualizer/tsconfig.json",
  "map-tests": "visualizer/tsconfig.node.json",
  core: "core/tsconfig.json",
  scripts: "scripts/tsconfig.json",
};

/** @returns {Check[]} every check, the slowest first so that two at a time end together */
export function allChecks() {
  return [
    ...Object.entries(typeProjects).map(typeCheck),
    { name: "imports", command: ["dependency-cruiser/bin/dependency-cruise.mjs", ...cruiseArguments()] },
    { name: "unused code", command: ["knip/bin/knip.js", "--no-progress", "--no-config-hints"] },
    { name: "format and lint", command: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."] },
  ];
}

/**
 * @param {[name: string, project: string]} entry
 * @returns {Check}
 */
function typeCheck([name, project]) {
  const memory = path.join("node_modules", ".cache", "encounter", "types", `${name}.tsbuildinfo`);
  const pretty = String(process.stdout.isTTY === true);
  const options = ["-p", project, "--pretty", pretty, "--incremental", "--tsBuildInfoFile", memory];
  return { name: `types: ${name}`, command: ["typescript/bin/tsc", ...options] };
}

function cruiseArguments() {
  const folders = [
    "core",
    "ingest",
    "processor",
    "api",
    "visualizer",
    "simulator",
    "scripts",
    "e2e",
    "bench",
    "faults",
  ];
  return [
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "err-long",
    ...folders.filter((folder) => existsSync(path.join(root, folder))),
  ];
}
