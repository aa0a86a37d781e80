// npm run screenshots: pictures of every view of the map, of a system of its own with a crowd of a known seed.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildAll } from "./build/build-all.mjs";
import { ensureChromium } from "./install/chromium.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { untilToldToStop } from "./launch/signals.mjs";
import { callerFolder, root } from "./root.mjs";
import { Stage } from "./screenshots/stage.mjs";
import { views } from "./screenshots/views.mjs";
import { runMain } from "./trouble.mjs";

const help = `npm run screenshots -- [VIEW...] [--to DIR]

Starts a system of its own with the demo venue and people who have walked there for twenty minutes, and takes pictures
of the map's views into docs/screenshots. Without a VIEW all are taken.

${views.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join("\n")}

  --to DIR  where the pictures go (default: docs/screenshots)
  --help    this text
`;

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { to: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) return console.log(help);
  await ensureNpmPackages();
  const chromium = await ensureChromium();
  const folder = values.to ? path.resolve(callerFolder, values.to) : path.join(root, "docs", "screenshots");
  const wanted = views.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "encounter-screenshots-"));
  const stage = new Stage(dataDir, (line) => console.log(line));
  const toldToStop = untilToldToStop(() => stage.kill());
  try {
    await Promise.race([takeAll(stage, chromium, wanted, folder), toldToStop]);
  } finally {
    await stage.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
process.exit();

/**
 * @param {Stage} stage
 * @param {string} chromium
 * @param {import("./screenshots/views.mjs").View[]} wanted
 * @param {string} folder
 */
async function takeAll(stage, chromium, wanted, folder) {
  const scene = await stage.start(() =>
    buildAll({ names: ["ingest", "processor", "api", "visualizer", "simulator"], quiet: true }),
  );
  const { takePictures } = await import("./screenshots/camera.mjs");
  await takePictures({ chromium, scene, views: wanted, folder, say: (line) => console.log(line) });
}
