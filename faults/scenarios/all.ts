import type { Scenario } from "../scenario.ts";
import { workerScenarios } from "./worker.ts";

/** Every scenario, in the order of the table of docs/faults.md. */
export const allScenarios: readonly Scenario[] = [...workerScenarios];
