// npm run fuzz: feeds both doors with what nobody should send, as much of it as asked.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { buildAll } from "./build/build-all.mjs";
import { ensureNpmPackages } from "./install/npm-packages.mjs";
import { ensureRedisServer } from "./install/redis-server.mjs";
import { runVitest } from "./test/run-vitest.mjs";
import { runMain, Trouble } from "./trouble.mjs";

const help = `npm run fuzz -- [--frames N] [--seed S]

Starts ingest, processor and api with a Redis of their own and sends them generated frames, bodies, requests and bytes,
most of them wrong in some way. Each answer is judged by the contract's words written anew, and no process may end, log
an error of its own making, or hold more than 5% more heap afterwards. Then one venue's credentials, and what can be
made of them, are tried on another's data: none may succeed.

  --frames N  how much is sent (default: 50000; the tests send 5000)
  --seed S    generates the same again (default: another one each time; it is printed)
  --help      this text
`;

await runMain(async () => {
  const { values } = readArguments();
  if (values.help) return console.log(help);
  const frames = readNumber("--frames", values.frames ?? "50000");
  const seed = readNumber("--seed", values.seed ?? String(randomInt(2 ** 31)));
  await ensureNpmPackages();
  const redis = await ensureRedisServer();
  await buildAll({ names: ["ingest", "processor", "api"], quiet: true });
  console.log(`Fuzzing with ${frames} frames, --seed ${seed}`);
  const environment = { REDIS_SERVER: redis.command, FUZZ_FRAMES: String(frames), FUZZ_SEED: String(seed) };
  return runVitest(["--project", "e2e", "e2e/fuzz.test.ts"], environment);
});

function readArguments() {
  try {
    return parseArgs({
      options: { frames: { type: "string" }, seed: { type: "string" }, help: { type: "boolean" } },
    });
  } catch (error) {
    throw new Trouble(`${/** @type {Error} */ (error).message.split(". ")[0]}. See npm run fuzz -- --help.`);
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function readNumber(name, text) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && number < 2 ** 31) return number;
  throw new Trouble(`${name} ${text} is not a whole number above 0. See npm run fuzz -- --help.`);
}
