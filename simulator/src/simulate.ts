// npm run simulate: people with devices in a building, for load testers and for the demo. See --help.
import { randomInt } from "node:crypto";
import { OperatorDoorError } from "./operator/operator-door.ts";
import { readSimulateOptions, SIMULATE_HELP } from "./options/simulate-options.ts";
import { UsageError } from "./options/usage-error.ts";
import { planText, runSimulation } from "./simulating/run.ts";

/** 0: all went as it must; 1: it did not; 2: it could not be started as asked. */
async function main(): Promise<number> {
  const options = readSimulateOptions(process.argv.slice(2), process.env, Date.now());
  if (options.help) {
    process.stdout.write(SIMULATE_HELP);
    return 0;
  }
  if (options.printPlan) {
    process.stdout.write(planText(options));
    return 0;
  }
  const seed = options.seed ?? String(randomInt(2 ** 31));
  const output = options.summaryFile === "-" ? process.stderr : process.stdout;
  return (await runSimulation(options, seed, output)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof OperatorDoorError)) throw error;
  process.stderr.write(`simulate: ${error.message}\n`);
  process.exitCode = 2;
}
