/**
 * What is built from what. A target is built again when anything it is made from has changed.
 * @typedef {object} Target
 * @property {string} name
 * @property {string[]} sources folders and files, from the root, that decide its outcome
 * @property {Record<string, string>} bundles entry point to bundle, both from the root; none for the map, which Vite builds
 * @property {string[]} outputs files that exist once it is built
 */

const everybodysSources = ["core/src", "core/package.json", "package-lock.json", "scripts/build"];

/**
 * @param {string} workspace
 * @param {string[]} entries entry points from the workspace, without extension
 * @param {string[]} [moreSources]
 * @returns {Target}
 */
function nodeTarget(workspace, entries, moreSources = []) {
  const bundles = Object.fromEntries(
    entries.map((entry) => [`${workspace}/${entry}.ts`, `${workspace}/dist/${entry.replace(/^src\//, "")}.js`]),
  );
  return {
    name: workspace,
    sources: [...everybodysSources, `${workspace}/src`, `${workspace}/package.json`, ...moreSources],
    bundles,
    outputs: Object.values(bundles),
  };
}

/** @type {Target} */
const map = {
  name: "visualizer",
  sources: [
    ...everybodysSources,
    "visualizer/src",
    "visualizer/public",
    "visualizer/index.html",
    "visualizer/vite.config.ts",
    "visualizer/package.json",
  ],
  bundles: {},
  outputs: ["visualizer/dist/index.html"],
};

/** Everything that is shipped or run, in the order it is built. */
export const targets = [
  nodeTarget("ingest", ["src/main"]),
  nodeTarget("processor", ["src/main"]),
  nodeTarget("api", ["src/main", "src/tools/accounts", "src/tools/audit"]),
  nodeTarget("simulator", ["src/simulate", "src/replay"]),
  map,
  nodeTarget(
    "faults",
    ["main", "preload/control", "preload/plant", "preload/plant-hooks"],
    ["faults", "e2e", "simulator/src"],
  ),
  nodeTarget("bench", ["main"], ["bench", "ingest/src", "processor/src", "api/src", "simulator/src"]),
];
