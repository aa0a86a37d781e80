import { Harness } from "./harness.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { runPlants } from "./plants/run-plants.ts";
import { table } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { allScenarios } from "./scenarios/all.ts";

const say = (line: string) => console.log(line);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return print(USAGE);
  if (options.list) return print(`${allScenarios.map(lineOf).join("\n")}\n`);
  say(`faults, seed ${options.seed}`);
  const isPlantsRun = options.plants || (options.only.length === 0 && options.minutes === null);
  const isHarnessGood = isPlantsRun ? await runPlants(options.seed, say) : true;
  const areScenariosGood = options.plants ? true : await runScenarios(options);
  return isHarnessGood && areScenariosGood ? 0 : 1;
}

async function runScenarios(options: Options): Promise<boolean> {
  const startedMs = performance.now();
  const chosen = choose(options);
  const harness = new Harness(say);
  try {
    if (options.minutes === null) await harness.runEach(chosen, options.seed);
    else await harness.runFor(chosen, options.seed, options.minutes);
  } finally {
    await harness.stop();
  }
  const { results } = harness;
  say(`\n${table(results)}\n`);
  const leftOut = allScenarios.filter((scenario) => !chosen.includes(scenario)).map(({ name }) => name);
  if (options.only.length === 0 && leftOut.length > 0)
    say(`left to the long form (--minutes N): ${leftOut.join(", ")}`);
  const failed = results.filter(({ verdict }) => verdict === "FAILED");
  const skipped = results.filter(({ verdict }) => verdict === "skipped").length;
  const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
  say(
    `seed ${options.seed}: ${results.length - failed.length - skipped} passed, ${failed.length} failed, ` +
      `${skipped} skipped in ${minutes} minutes`,
  );
  return failed.length === 0;
}

function choose({ only, minutes }: Options): readonly Scenario[] {
  const unknown = only.filter((name) => !allScenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`no scenario is named ${unknown.join(", ")}: see --list`);
  if (only.length > 0) return allScenarios.filter(({ name }) => only.includes(name));
  return minutes === null ? allScenarios.filter(({ isShort }) => isShort) : allScenarios;
}

function lineOf({ name, about, isShort }: Scenario): string {
  return `${name.padEnd(34)} ${isShort ? "short" : "long "}  ${about}`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));
try {
  process.exitCode = await main();
} catch (error) {
  console.error(`faults: ${(error as Error).message}`);
  process.exitCode = 1;
}
process.exit();
