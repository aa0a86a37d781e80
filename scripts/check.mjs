// npm run check: format, lint, types, import boundaries, unused code. Runs all, shows what failed, ends 1 if any did.

import { runChecks } from "./check/run-checks.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { runMain } from "./trouble.mjs";

await runMain(async () => {
  await ensureNpmPackages();
  return (await runChecks()) ? 0 : 1;
});
