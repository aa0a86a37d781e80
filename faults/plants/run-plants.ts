import { Harness } from "../harness.ts";
import { allScenarios } from "../scenarios/all.ts";
import { PLANTS, type Plant } from "./plants.ts";

const MODULE = "faults/dist/preload/plant.js";

/**
 * Tries the harness itself: with each fault planted in the product, the scenario that is about it must fail, and by
 * what it checks. @returns whether every plant was found
 */
export async function runPlants(seed: number, say: (line: string) => void): Promise<boolean> {
  let areFound = true;
  for (const [name, plant] of Object.entries(PLANTS)) {
    if (!(await findPlant(name, plant, seed, say))) areFound = false;
  }
  return areFound;
}

async function findPlant(name: string, plant: Plant, seed: number, say: (line: string) => void): Promise<boolean> {
  const scenario = allScenarios.find((each) => each.name === plant.scenario);
  if (scenario === undefined) throw new Error(`no scenario is named ${plant.scenario}`);
  const lines: string[] = [];
  const harness = new Harness((line) => lines.push(line), { preload: { module: MODULE, env: { FAULTS_PLANT: name } } });
  try {
    await harness.runEach([scenario], seed);
  } finally {
    await harness.stop();
  }
  const result = harness.results[0];
  const finding = result?.isByCheck ? result.troubles.find((trouble) => plant.finding.test(trouble)) : undefined;
  const how = finding === undefined ? `NOT FOUND:\n${lines.join("\n")}` : `found: ${finding}`;
  say(`planted ${name} (${plant.about}), ${plant.scenario}: ${how}`);
  return finding !== undefined;
}
