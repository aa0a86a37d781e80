import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { check } from "./check/verdict.ts";
import { type Scenario, Skip, Stage } from "./scenario.ts";
import type { FaultSystem } from "./system/fault-system.ts";

export interface Result {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly verdict: "passed" | "FAILED" | "skipped";
  readonly accepted: number;
  readonly unknown: number;
  readonly lost: number;
  readonly contacts: number;
  readonly differingContacts: number;
  readonly recoveryS: number | null;
  readonly elapsedS: number;
  readonly notes: readonly string[];
  readonly troubles: readonly string[];
  /** Whether it failed by what the checker compared, not by something that did not run. */
  readonly isByCheck: boolean;
}

/** Within this, after a fault ended, everything is as if it had not been. */
const RECOVERY_MS_MAX = 60_000;

/** No scenario takes longer: what it waits for does not come. */
const SCENARIO_MS_MAX = 300_000;

let venues = 0;

/** Plays one scenario on a system and checks what it left. */
export async function runScenario(
  scenario: Scenario,
  system: FaultSystem,
  seed: number,
  say: (line: string) => void,
): Promise<Result> {
  const startedMs = performance.now();
  const venueId = `${scenario.name} ${++venues}`;
  const key = await system.operator.newVenue(venueId);
  const stage = new Stage(system, venueId, key, seed, say);
  const endsBefore = system.unexpectedEnds().length;
  const counts = { accepted: 0, unknown: 0, lost: 0, contacts: 0, differingContacts: 0 };
  let recoveryMs: number | null = null;
  let isSkipped = false;
  let isByCheck = false;
  try {
    await withinLimit(scenario.run(stage));
    recoveryMs = await recover(stage);
    await stage.lookAgain();
    const { troubles, ...found } = await check({
      operator: system.operator,
      venueId,
      ledger: stage.ledger,
      erased: stage.erased,
      mayGoBack: scenario.mayGoBack === true,
    });
    Object.assign(counts, found);
    isByCheck = troubles.length > 0;
    stage.troubles.push(...troubles);
    stage.expect(recoveryMs <= RECOVERY_MS_MAX, `recovered only after ${Math.round(recoveryMs / 1_000)} s`);
  } catch (error) {
    isSkipped = error instanceof Skip;
    Object.assign(counts, { accepted: stage.ledger.accepted, unknown: stage.ledger.unknownCount });
    stage.troubles.push(isSkipped ? (error as Error).message : `${(error as Error).stack ?? error}`);
  } finally {
    stage.load?.stop().catch(() => {});
    stage.closeGateways();
    system.heal();
  }
  if (!isSkipped) stage.troubles.push(...endsOf(scenario, system, endsBefore));
  const isFailed = !isSkipped && stage.troubles.length > 0;
  if (isFailed) stage.troubles.push(`what the processes said is in ${keepLogs(scenario.name, system)}`);
  return {
    scenario,
    seed,
    verdict: isSkipped ? "skipped" : isFailed ? "FAILED" : "passed",
    ...counts,
    recoveryS: recoveryMs === null ? null : recoveryMs / 1_000,
    elapsedS: (performance.now() - startedMs) / 1_000,
    notes: stage.notes,
    troubles: stage.troubles,
    isByCheck,
  };
}

/**
 * Waits until all is well again: every gateway gets an answer to something new, and no accepted fix waits for its
 * evaluation. @returns how long that took
 */
async function recover({ load, system, venueId }: Stage): Promise<number> {
  const startedMs = performance.now();
  system.heal();
  await load?.flows(RECOVERY_MS_MAX);
  const flowsMs = performance.now() - startedMs;
  await load?.stop();
  const stoppedMs = performance.now();
  while (((await system.operator.status(venueId)).unevaluated_fixes ?? 1) > 0) {
    const waitedMs = performance.now() - stoppedMs;
    if (waitedMs > RECOVERY_MS_MAX) throw new Error("unevaluated_fixes did not return to 0 within 60 s");
    await pause(100);
  }
  return flowsMs + performance.now() - stoppedMs;
}

async function withinLimit(work: Promise<void>): Promise<void> {
  const limit = pause(SCENARIO_MS_MAX, "late" as const, { ref: false });
  if ((await Promise.race([work, limit])) === "late") {
    throw new Error(`the scenario did not end within ${SCENARIO_MS_MAX / 1_000} s`);
  }
}

/** Writes the processes' logs where they can be read. @returns the folder */
function keepLogs(name: string, system: FaultSystem): string {
  const folder = mkdtempSync(join(tmpdir(), `encounter-faults-${name}-`));
  for (const each of system.processes) writeFileSync(join(folder, `${each.name}.log`), each.log);
  return folder;
}

function endsOf(scenario: Scenario, system: FaultSystem, before: number): string[] {
  const ends = system.unexpectedEnds().slice(before);
  return ends.filter((each) => !(scenario.mayEnd ?? []).some((name) => each.startsWith(name)));
}
