import { stat } from "node:fs/promises";
import { type Access, gainAccess } from "../operator/access.ts";
import { untilEvaluated } from "../operator/evaluation.ts";
import type { WantedVenue } from "../operator/venue-setup.ts";
import type { ReplayOptions } from "../options/replay-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { Tally } from "../statistics/tally.ts";
import { Backoff } from "../transport/backoff.ts";
import { HandshakeGate } from "../transport/handshake-gate.ts";
import { onInterrupt } from "../view/interrupt.ts";
import { ReplayProgress } from "../view/replay-progress.ts";
import { type Output, ProgressView } from "../view/terminal.ts";
import { Courier, type CourierWitness } from "./courier.ts";
import { Pacer } from "./pacer.ts";
import { encodeParcels } from "./parcel.ts";
import { Refusals } from "./refusals.ts";
import { Replay } from "./replay.ts";
import type { ReplayReport } from "./report.ts";
import { type Survey, surveyFile } from "./survey.ts";
import { shiftMs } from "./time-shift.ts";

const DAY_MS = 86_400_000;
const RETENTION_DAYS_MOST = 3650;
const HANDSHAKES_AT_ONCE = 16;

/** Those who are told what happens before and while a file is replayed. */
export interface ReplayTeller {
  readonly output: Output;
  surveying(share: number, fixes: number): void;
  surveyed(survey: Survey, shiftedByMs: number): void;
  evaluating(): void;
}

/**
 * Replays a file to its end, until nothing is acknowledged any more, or until it is interrupted.
 * @throws UsageError, OperatorDoorError before anything is sent
 */
export async function replayFile(options: ReplayOptions, teller: ReplayTeller): Promise<ReplayReport> {
  const fileBytes = await sizeOf(options.file);
  const survey = await surveyWhole(options, fileBytes, teller);
  const shiftedByMs = shiftMs(options.shift, survey.newestMs, Date.now());
  teller.surveyed(survey, shiftedByMs);
  const access = await gainAccess(
    options.doors,
    wantedVenues(options, survey, shiftedByMs),
    `replay of ${options.file}`.slice(0, 100),
  );
  try {
    if (options.wait && access.door === null) throw new UsageError("--wait needs the operator token, to ask with");
    const report = await send(options, survey, shiftedByMs, fileBytes, access, teller.output);
    if (options.wait && report.isComplete) await evaluateAll(survey, access, teller);
    return report;
  } finally {
    await access.release();
  }
}

async function evaluateAll({ venueIds }: Survey, { door }: Access, teller: ReplayTeller): Promise<void> {
  if (door === null) return;
  teller.evaluating();
  for (const venueId of venueIds) await untilEvaluated(door, venueId);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

async function surveyWhole(options: ReplayOptions, fileBytes: number, teller: ReplayTeller): Promise<Survey> {
  const survey = await surveyFile(options.file, options.venueId, (bytes, fixes) => {
    teller.surveying(fileBytes === 0 ? 1 : bytes / fileBytes, fixes);
  }).catch((error: Error) => {
    throw new UsageError(`${options.file} cannot be read to its end: ${error.message}`);
  });
  if (survey.fixes > 0) return survey;
  const [first] = survey.badLineExamples;
  throw new UsageError(
    `${options.file} holds no fix${first === undefined ? ": it is empty" : `; line ${first.number} is ${first.reason}`}`,
  );
}

/** Venues that keep the recorded fixes, which may be from long ago. */
function wantedVenues({ venueSettings }: ReplayOptions, survey: Survey, shiftedByMs: number): WantedVenue[] {
  const ageMs = Date.now() - (survey.oldestMs + shiftedByMs);
  const days = Math.min(RETENTION_DAYS_MOST, Math.max(1, Math.ceil(ageMs / DAY_MS) + 1));
  return survey.venueIds.map((venueId) => ({
    venueId,
    whenNew: { name: `${venueId} (replayed)`.slice(0, 200) },
    change: (current) => ({ retention_days: Math.max(days, current?.retention_days ?? 14), ...venueSettings }),
    plan: () => null,
  }));
}

async function send(
  options: ReplayOptions,
  survey: Survey,
  shiftedByMs: number,
  fileBytes: number,
  access: Access,
  output: Output,
): Promise<ReplayReport> {
  const [tally, refusals, confusions] = [new Tally(), new Refusals(), new Set<string>()];
  let refusal: string | null = null;
  const witness: CourierWitness = {
    tally,
    refusals,
    onAnswer: () => replay.answered(),
    onRefused: (reason) => {
      refusal = reason;
      replay.stop();
    },
    onConfused: (message) => confusions.add(message),
  };
  const replay = new Replay({
    ...options,
    shiftMs: shiftedByMs,
    pacer: new Pacer(options.speed, options.longestWaitMs),
    couriers: couriersFor(options, survey, access, witness),
    tally,
  });
  const total = survey.fixes + (options.sendBad ? survey.badLines : 0);
  const progress = new ReplayProgress({ tally, replay, total, fileBytes });
  const view = options.quiet ? null : new ProgressView(output, progress.lines, progress.line, options.everyMs);
  const startedMs = performance.now();
  const interrupts = onInterrupt(() => replay.stop());
  const isComplete = await replay.run();
  interrupts.ignore();
  view?.stop();
  if (refusal !== null) throw new UsageError(`${refusal}: is the key one of venue ${survey.venueIds.join(", ")}?`);
  return {
    survey,
    tally,
    shiftedByMs,
    isComplete,
    isInterrupted: interrupts.isInterrupted(),
    lastLine: replay.line,
    realMs: performance.now() - startedMs,
    refusals: refusals.list(),
    confusions: [...confusions],
  };
}

function couriersFor(options: ReplayOptions, { venueIds }: Survey, access: Access, witness: CourierWitness) {
  const gate = new HandshakeGate(HANDSHAKES_AT_ONCE);
  const courier = (venueId: string) =>
    new Courier(
      {
        url: options.doors.positionsUrl,
        credential: access.keys.get(venueId)!,
        window: options.window,
        encode: encodeParcels,
        gate,
        backoff: new Backoff(Math.random),
      },
      options.fixesPerFrame,
      witness,
    );
  return new Map(venueIds.map((venueId) => [venueId, courier(venueId)]));
}
