// npm start: everything, on a fresh clone too.
import { buildAll } from "./build/build-all.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { Launch } from "./launch/launch.mjs";
import { help, readOptions } from "./launch/options.mjs";
import { untilToldToStop } from "./launch/signals.mjs";
import { runMain } from "./trouble.mjs";

await runMain(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) return console.log(help);
  await ensureNpmPackages();
  const launch = new Launch(options, (line) => console.log(line));
  const toldToStop = untilToldToStop(() => launch.kill());
  try {
    await startUnlessStopped(launch, options.simulator, toldToStop);
    await toldToStop;
    console.log("Stopping ...");
  } finally {
    await launch.stop();
  }
});
// What was begun and is no longer wanted, such as a build, is not waited for.
process.exit();

/**
 * @param {Launch} launch
 * @param {boolean} simulator
 * @param {Promise<unknown>} toldToStop
 */
async function startUnlessStopped(launch, simulator, toldToStop) {
  const names = ["ingest", "processor", "api", "visualizer", ...(simulator ? ["simulator"] : [])];
  const started = launch.start(() => buildAll({ names, quiet: true })).then((line) => console.log(line));
  // Told to stop on the way up, what is still starting may fail: that is no longer news.
  started.catch(() => {});
  await Promise.race([started, toldToStop]);
}
