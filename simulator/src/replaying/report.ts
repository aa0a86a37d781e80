import type { Tally } from "../statistics/tally.ts";
import type { Refusals } from "./refusals.ts";
import type { Survey } from "./survey.ts";

/** What came of a replay. */
export interface ReplayReport {
  readonly survey: Survey;
  readonly tally: Tally;
  readonly shiftedByMs: number;
  /** Whether the whole file was sent and answered. */
  readonly isComplete: boolean;
  readonly isInterrupted: boolean;
  /** The last line that was taken along. */
  readonly lastLine: number;
  readonly realMs: number;
  readonly refusals: ReturnType<Refusals["list"]>;
  /** Answers that no server should give. */
  readonly confusions: readonly string[];
}

/** Whether every fix was acknowledged as the contract says. */
export function isGood({ isComplete, confusions }: ReplayReport): boolean {
  return isComplete && confusions.length === 0;
}

/** The report as JSON; times are in ms. */
export function reportJson(report: ReplayReport): object {
  const { survey, tally } = report;
  return {
    ok: isGood(report),
    complete: report.isComplete,
    interrupted: report.isInterrupted,
    last_line: report.lastLine,
    venues: survey.venueIds,
    fixes: survey.fixes,
    oldest: survey.oldestMs,
    newest: survey.newestMs,
    shift_minutes: report.shiftedByMs / 60_000,
    bad_lines: survey.badLines,
    bad_line_examples: survey.badLineExamples.map(({ number, reason }) => ({ line: number, reason })),
    taken: tally.fixes,
    acknowledged: tally.acknowledged,
    bad_frames: tally.badFrames,
    unacknowledged: tally.outstanding,
    sent: tally.sent,
    resent: tally.resent,
    frames: tally.frames,
    outcomes: Object.fromEntries(tally.outcomes),
    refusals: report.refusals.map(({ reason, count, firstLine }) => ({ reason, count, first_line: firstLine })),
    real_ms: Math.round(report.realMs),
    fixes_per_second: Math.round((tally.acknowledged * 1000) / Math.max(1, report.realMs)),
    answer_ms: tally.answerTimes.percentiles(),
    busy: tally.busy,
    unknown: tally.unknown,
    reconnects: tally.reconnects,
    connections_lost: Object.fromEntries(tally.losses),
    epoch_changes: tally.newEpochs.size,
    unexpected: report.confusions,
  };
}
