import type { Scenario } from "../scenario.ts";
import { clockScenarios } from "./clock.ts";
import { clusterScenarios } from "./cluster.ts";
import { deviceScenarios } from "./device.ts";
import { diskScenarios } from "./disk-full.ts";
import { erasureScenarios } from "./erasure.ts";
import { ingestScenarios } from "./ingest.ts";
import { redisScenarios } from "./redis.ts";
import { schedulerScenarios } from "./scheduler.ts";
import { workerScenarios } from "./worker.ts";

/** Every scenario, in the order of the table of docs/faults.md. */
export const allScenarios: readonly Scenario[] = [
  ...workerScenarios,
  ...erasureScenarios,
  ...ingestScenarios,
  ...redisScenarios,
  ...deviceScenarios,
  ...clockScenarios,
  ...schedulerScenarios,
  ...diskScenarios,
  ...clusterScenarios,
];
