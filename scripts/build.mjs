// npm run build: bundles the services and tools, and the map. `-- --force` builds all of it again.
import { buildAll } from "./build/build-all.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { runMain } from "./trouble.mjs";

await runMain(async () => {
  await ensureNpmPackages();
  await buildAll({ force: process.argv.includes("--force") });
});
