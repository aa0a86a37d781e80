// npm test: installs what the tests need, builds what they start, and runs them. Arguments go to vitest.
import { buildAll } from "./build/build-all.mjs";
import { ensureChromium } from "./install/chromium.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { ensureRedisServer } from "./install/redis-server.mjs";
import { runVitest } from "./test/run-vitest.mjs";
import { runMain } from "./trouble.mjs";

await runMain(async () => {
  await ensureNpmPackages();
  const redis = await ensureRedisServer();
  const chromium = await ensureChromium();
  await buildAll({ quiet: true });
  return runVitest(process.argv.slice(2), { REDIS_SERVER: redis.command, CHROMIUM_PATH: chromium });
});
