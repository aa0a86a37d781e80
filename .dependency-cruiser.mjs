// Imports point one way. Each rule says why it stands.

const tests = "\\.test\\.(ts|tsx|mjs)$";
/** Everything that speaks the shared language, and everything about it. */
const speakers = "^(ingest|processor|api|visualizer|simulator|e2e|bench|faults|scripts)/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Two files that need each other are one file in two places: neither can be read or changed alone.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "domain-imports-nothing",
      comment: "The rules of contact are pure: readable, testable and usable anywhere, with nothing installed.",
      severity: "error",
      from: { path: "^core/src/domain/", pathNot: tests },
      to: { pathNot: "^core/src/domain/" },
    },
    {
      name: "wire-knows-domain-only",
      comment:
        "What goes over sockets is said in terms of the domain; devices and browsers read it too, so storage may not show in it.",
      severity: "error",
      from: { path: "^core/src/wire/", pathNot: tests },
      to: { path: "^core/src/(?!wire/|domain/)" },
    },
    {
      name: "storage-knows-domain-only",
      comment:
        "How things are kept must be free to change without what goes over sockets changing, and the other way round.",
      severity: "error",
      from: { path: "^core/src/storage/", pathNot: tests },
      to: { path: "^core/src/(?!storage/|domain/)" },
    },
    {
      name: "core-knows-no-service",
      comment: "The shared language comes first; what speaks it depends on it and never the other way round.",
      severity: "error",
      from: { path: "^core/" },
      to: { path: speakers },
    },
    {
      name: "no-node-in-the-language",
      comment:
        "domain, wire and storage are language alone: the map uses them in a browser, and tests without a machine.",
      severity: "error",
      from: { path: "^core/src/(domain|wire|storage)/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    ...["ingest", "processor", "api"].map((service) => ({
      name: `${service}-stands-alone`,
      comment:
        "Services meet over the network and in Redis, never by import: each is deployed, restarted and scaled alone.",
      severity: /** @type {const} */ ("error"),
      from: { path: `^${service}/src/` },
      to: { path: speakers, pathNot: `^${service}/` },
    })),
    {
      name: "outsiders-see-no-storage",
      comment:
        "The map and the simulator stand where a device or an operator stands: they know what goes over the wire, not how it is kept.",
      severity: "error",
      from: { path: "^(visualizer|simulator)/", pathNot: tests },
      to: { path: "^(core/src/(storage|service)|ingest|processor|api)/" },
    },
    {
      name: "outsiders-stand-alone",
      comment: "The map and the simulator have different users and lives.",
      severity: "error",
      from: { path: "^(visualizer|simulator)/src/", pathNot: tests },
      to: { path: "^(visualizer|simulator)/", pathNot: "^$1/" },
    },
    {
      name: "no-node-in-the-map",
      comment: "The map runs in a browser.",
      severity: "error",
      from: { path: "^visualizer/src/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-test-in-production",
      comment: "What is shipped does not lean on what only tests it.",
      severity: "error",
      from: { path: "^(core|ingest|processor|api|visualizer|simulator)/src/", pathNot: tests },
      to: { path: [tests, "^[^/]+/test/", "^(e2e|bench|faults|scripts)/"] },
    },
    {
      name: "no-development-dependency-in-production",
      comment: "The image installs without development dependencies: what a service imports must be a dependency.",
      severity: "error",
      from: { path: "^(core|ingest|processor|api|simulator)/src/", pathNot: tests },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"] },
    },
    {
      name: "scripts-run-before-install",
      comment:
        "On a fresh clone nothing is installed yet when a script starts: only what runs after the install may use a package.",
      severity: "error",
      from: { path: "^scripts/", pathNot: [tests, "^scripts/(build/bundles|screenshots/camera)\\.mjs$"] },
      to: { dependencyTypesNot: ["core", "local"], pathNot: "^scripts/" },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere fails only when it runs.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    combinedDependencies: true,
    tsPreCompilationDeps: true,
    preserveSymlinks: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
