import { defineConfig } from "vitest/config";

/** Everything under a workspace that is a test, beside its source or in its `test` folder. */
const workspaces = ["core", "ingest", "processor", "api", "visualizer", "simulator"];

const unitProjects = workspaces.map((workspace) => ({
  extends: true as const,
  test: {
    name: workspace,
    include: [`${workspace}/src/**/*.test.{ts,tsx}`, `${workspace}/test/**/*.test.{ts,tsx}`],
  },
}));

export default defineConfig({
  test: {
    environment: "node",
    // Tests start real servers, each file in its own process, and wait for them more than they work: three at a time keep
    // two cores busy.
    pool: "forks",
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    projects: [
      ...unitProjects,
      { extends: true, test: { name: "scripts", include: ["scripts/**/*.test.{mjs,ts}"] } },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          // Whole systems and a browser: after the others, and with patience.
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 90_000,
        },
      },
    ],
  },
});
