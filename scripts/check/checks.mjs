import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[]} command a program under node_modules, from the root, and its arguments
 */

/** @returns {Check[]} every check, the slowest first so that two at a time end together */
export function allChecks() {
  return [
    ...typeProjects().map(typeCheck),
    { name: "imports", command: ["dependency-cruiser/bin/dependency-cruise.mjs", ...cruiseArguments()] },
    { name: "unused code", command: ["knip/bin/knip.js", "--no-progress", "--no-config-hints"] },
    { name: "format and lint", command: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."] },
  ];
}

/** The TypeScript projects: the root's and every folder's that has one. */
function typeProjects() {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => entry.name);
  return [".", ...folders]
    .flatMap((folder) => [path.join(folder, "tsconfig.json"), path.join(folder, "tsconfig.node.json")])
    .filter((file) => existsSync(path.join(root, file)));
}

/**
 * @param {string} project
 * @returns {Check}
 */
function typeCheck(project) {
  const name =
    project
      .replace(/[/\\]?tsconfig\.?/, " ")
      .replace(/\.?json$/, "")
      .trim() || "root";
  const memory = path.join("node_modules", ".cache", "encounter", "types", `${name.replace(" ", "-")}.tsbuildinfo`);
  return {
    name: `types: ${name}`,
    command: [
      "typescript/bin/tsc",
      "-p",
      project,
      "--pretty",
      String(process.stdout.isTTY === true),
      "--incremental",
      "--tsBuildInfoFile",
      memory,
    ],
  };
}

function cruiseArguments() {
  const folders = ["core", "ingest", "processor", "api", "visualizer", "simulator", "scripts", "e2e", "bench"];
  return [
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "err-long",
    ...folders.filter((folder) => existsSync(path.join(root, folder))),
  ];
}
