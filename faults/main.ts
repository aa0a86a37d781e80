import { Harness } from "./harness.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { runPlants } from "./plants/run-plants.ts";
import { failureText, table } from "./report.ts";
import type { Result } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { allScenarios } from "./scenarios/all.ts";

const say = (line: string) => console.log(line);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return print(USAGE);
  if (options.list) return print(`${allScenarios.map(lineOf).join("\n")}\n`);
  say(`faults, seed ${options.seed}`);
  if (options.plants) return (await runPlants(options.seed, say)) ? 0 : 1;
  const startedMs = performance.now();
  const chosen = choose(options);
  const isShort = options.minutes === null && options.only.length === 0;
  const harnesses = [new Harness(say), ...(isShort ? [new Harness(say)] : [])];
  let arePlantsFound = true;
  try {
    const queue = [...chosen];
    // Scenarios mostly wait. In the short form two run at a time, one of them after the harness's own test.
    await Promise.all(
      harnesses.map(async (harness, lane) => {
        if (isShort && lane === 0) arePlantsFound = await runPlants(options.seed, say);
        if (options.minutes === null) await harness.runEach(queue, options.seed);
        else await harness.runFor(chosen, options.seed, options.minutes);
      }),
    );
  } finally {
    await Promise.all(harnesses.map((harness) => harness.stop()));
  }
  const results = harnesses.flatMap((harness) => harness.results);
  return summarize(options, chosen, results, startedMs) && arePlantsFound ? 0 : 1;
}

/** Prints the table and what it comes to. @returns whether nothing failed */
function summarize(
  options: Options,
  chosen: readonly Scenario[],
  results: readonly Result[],
  startedMs: number,
): boolean {
  say(`\n${table(results)}\n`);
  const leftOut = allScenarios.filter((scenario) => !chosen.includes(scenario)).map(({ name }) => name);
  if (options.only.length === 0 && leftOut.length > 0)
    say(`left to the long form (--minutes N): ${leftOut.join(", ")}`);
  const failed = results.filter(({ verdict }) => verdict === "FAILED");
  const skipped = results.filter(({ verdict }) => verdict === "skipped").length;
  for (const result of failed) say(`${failureText(result)}\n`);
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
