import { readFileSync } from "node:fs";
import { type Access, gainAccess } from "../operator/access.ts";
import type { WantedVenue } from "../operator/venue-setup.ts";
import type { SimulateOptions } from "../options/simulate-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { isGood, type SummaryParts, summaryJson } from "../statistics/summary.ts";
import { verifyVenues } from "../verification/verify.ts";
import { onInterrupt } from "../view/interrupt.ts";
import { introductionLines, spanLine } from "../view/simulate-introduction.ts";
import { SimulateProgress } from "../view/simulate-progress.ts";
import { summaryLines } from "../view/simulate-summary.ts";
import { writeSummary } from "../view/summary-file.ts";
import { type Output, ProgressView } from "../view/terminal.ts";
import { planTroubles } from "../world/plan-check.ts";
import { type Premises, venuePlan } from "../world/world.ts";
import { type Assembly, assemble, buildFleet, premisesOf } from "./assembly.ts";
import type { Fleet } from "./fleet.ts";
import { SimulatedClock } from "./simulated-clock.ts";

/** How long the server may give no answer at the end before fixes count as never acknowledged, ms. */
const PATIENCE_MS = 60_000;
/** From so many devices on, all ways are worked out before the clock starts. */
const DEVICES_TO_PREPARE_FOR = 500;
const PATIENCE_AFTER_INTERRUPT_MS = 5_000;

/** The plan that the options ask for, as GeoJSON text. @throws UsageError where a given plan cannot be used */
export function planText(options: SimulateOptions): string {
  const given = readPlan(options.planFile);
  return usingPlan(options, () => `${JSON.stringify(venuePlan(premisesOf(options, given)[0]!))}\n`);
}

/**
 * Runs a simulation to its end or the first SIGINT or SIGTERM, tells about it, and writes the summary.
 * @returns whether all went as it must
 * @throws UsageError, OperatorDoorError where it is not let in
 */
export async function runSimulation(options: SimulateOptions, seed: string, output: Output): Promise<boolean> {
  const given = readPlan(options.planFile);
  const premises = usingPlan(options, () => premisesOf(options, given));
  const fleet = usingPlan(options, () => buildFleet(options, premises, seed));
  const say = (line: string) => void (options.quiet || output.write(`${line}\n`));
  if (given !== null) for (const trouble of await planTroubles(given)) say(`note: in the plan, ${trouble}`);
  const access = await gainAccess(options.doors, wantedVenues(options, premises), `simulate, seed ${seed}`);
  try {
    if (options.verify && access.door === null) throw new UsageError("--verify needs the operator token, to ask with");
    const parts = await run(options, seed, fleet, access, output, say);
    for (const line of ["", ...summaryLines(parts)]) say(line);
    writeSummary(options.summaryFile, summaryJson(parts));
    return isGood(parts);
  } finally {
    await access.release();
  }
}

function readPlan(file: string | undefined): unknown {
  if (file === undefined) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`--plan ${file}: ${(error as Error).message}`);
  }
}

function usingPlan<Result>(options: SimulateOptions, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--plan ${options.planFile}: ${error.message}`);
    throw error;
  }
}

function wantedVenues(options: SimulateOptions, premises: readonly Premises[]): WantedVenue[] {
  return options.venueIds.map((venueId, venue) => ({
    venueId,
    whenNew: { name: `${venueId} (simulated)`.slice(0, 200) },
    change: () => options.venueSettings,
    plan: () => (options.keepPlan ? null : venuePlan(premises[venue]!)),
  }));
}

async function run(
  options: SimulateOptions,
  seed: string,
  fleet: Fleet,
  access: Access,
  output: Output,
  say: (line: string) => void,
): Promise<SummaryParts> {
  let refusal: string | null = null;
  const assembly = assemble(options, fleet, access, await accuracyLimits(fleet, access), seed, (reason) => {
    refusal = reason;
    assembly.simulation.cutOff();
  });
  const interrupts = onInterrupt(() => assembly.simulation.stop());
  for (const line of introductionLines(options, fleet, assembly.sockets)) say(line);
  try {
    await Promise.all([assembly.simulation.connect(), prepared(fleet)]);
    throwIfRefused(refusal, fleet);
    const { clock, realMs } = await runClock(assembly, options, output, say, seed, interrupts.isInterrupted);
    throwIfRefused(refusal, fleet);
    assembly.simulation.disconnect();
    await assembly.truthLog?.end();
    return {
      ...assembly,
      ...(await verified(assembly, access, say)),
      venueIds: fleet.venueIds,
      devices: fleet.size,
      seed,
      startMs: clock.startMs,
      simulatedMs: assembly.simulation.reachedMs,
      realMs,
      delays: options.speed === Infinity ? null : assembly.tally.delays.percentiles(),
    };
  } finally {
    assembly.simulation.disconnect();
    interrupts.ignore();
  }
}

/** Many devices are there to measure with, and what they measure should not be the simulator at work. */
async function prepared(fleet: Fleet): Promise<void> {
  if (fleet.size < DEVICES_TO_PREPARE_FOR) return;
  for (const _ of fleet.prepare()) await new Promise((resolve) => setImmediate(resolve));
}

function throwIfRefused(refusal: string | null, { venueIds }: Fleet): void {
  if (refusal !== null) throw new UsageError(`${refusal}: is the key one of venue ${venueIds.join(", ")}?`);
}

/** From the start of the clock to the last answer. */
async function runClock(
  assembly: Assembly,
  options: SimulateOptions,
  output: Output,
  say: (line: string) => void,
  seed: string,
  isInterrupted: () => boolean,
): Promise<{ clock: SimulatedClock; realMs: number }> {
  const { simulation } = assembly;
  const clock = new SimulatedClock(options, Date.now());
  say(spanLine(options, clock.startMs, seed));
  const view = options.quiet ? null : viewOf(assembly, clock, options, output);
  const startedMs = performance.now();
  await simulation.run(clock);
  await simulation.settle(isInterrupted() ? PATIENCE_AFTER_INTERRUPT_MS : PATIENCE_MS);
  view?.stop();
  return { clock, realMs: performance.now() - startedMs };
}

/** Each venue's accuracy limit where the operators' door answers; with a key at hand it need not. */
async function accuracyLimits(fleet: Fleet, { door }: Access): Promise<(number | null)[]> {
  const limitOf = async (venueId: string) => (await door?.venue(venueId).catch(() => null))?.max_accuracy ?? null;
  return Promise.all(fleet.venueIds.map(limitOf));
}

function viewOf(assembly: Assembly, clock: SimulatedClock, options: SimulateOptions, output: Output): ProgressView {
  const { tally, check, simulation, sockets } = assembly;
  const progress = new SimulateProgress({
    tally,
    check,
    sockets,
    reachedMs: () => simulation.reachedMs,
    startMs: clock.startMs,
    durationMs: options.durationMs,
    isLive: () => clock.isLive(Date.now()),
  });
  return new ProgressView(output, progress.lines, progress.line, options.everyMs);
}

async function verified({ fleet, ledger }: Assembly, { door }: Access, say: (line: string) => void) {
  if (ledger === null || door === null) return { verifications: null, verificationTrouble: null };
  say("waiting until all fixes are evaluated, then comparing ...");
  try {
    return { verifications: await verifyVenues(door, fleet, ledger), verificationTrouble: null };
  } catch (error) {
    return { verifications: [], verificationTrouble: (error as Error).message };
  }
}
