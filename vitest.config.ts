import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Everything under a workspace that is a test, beside its source or in its `test` folder. */
const workspaces = ["core", "ingest", "processor", "api", "visualizer", "simulator"];

const unitProjects = workspaces.map((workspace) => ({
  extends: true as const,
  test: {
    name: workspace,
    include: [`${workspace}/src/**/*.test.{ts,tsx}`, `${workspace}/test/**/*.test.{ts,tsx}`],
  },
}));

/** The files that take longest: begun last they would run alone at the end. */
const LONGEST = [
  "e2e/recorded.test.ts",
  "visualizer/test/map.test.ts",
  "e2e/accessibility.test.ts",
  "scripts/start.test.mjs",
  "e2e/manage.test.ts",
  "e2e/killed.test.ts",
  "e2e/replay-map.test.ts",
  "e2e/access-map.test.ts",
  "e2e/content-policy.test.ts",
  "e2e/watch.test.ts",
  "e2e/fuzz.test.ts",
  "e2e/device-page.test.ts",
  "e2e/map.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    environment: "node",
    // Tests start real servers: no more files at a time than two cores carry. The files that a process runs, one after
    // the other, share the modules they import: importing them anew took a third of the run.
    pool: "forks",
    maxWorkers: 2,
    isolate: false,
    testTimeout: 20_000,
    // What is waited for comes when it comes: a page drawn in software on a busy machine takes more than a second.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    projects: [
      ...unitProjects,
      { extends: true, test: { name: "scripts", include: ["scripts/**/*.test.{mjs,ts}"] } },
      { extends: true, test: { name: "faults", include: ["faults/**/*.test.ts"] } },
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
