import type { ReplayReport } from "../replaying/report.ts";
import type { Survey } from "../replaying/survey.ts";
import { count, counted, counts, moment, outcomes, percentiles, rate, time } from "./wording.ts";

/** Bad lines and reasons told one by one; the JSON summary holds more. */
const LINES_SHOWN = 5;
const VENUES_SHOWN = 3;

/** What a person is told of a file before it is sent. */
export function surveyLines(file: string, survey: Survey, shiftedByMs: number): string[] {
  const { fixes, venueIds, oldestMs, newestMs, badLines, badLineExamples } = survey;
  const shown = venueIds.slice(0, VENUES_SHOWN).join(", ") + (venueIds.length > VENUES_SHOWN ? ", ..." : "");
  const shift =
    shiftedByMs === 0 ? "times stay as they are" : `times are shifted by ${count(shiftedByMs / 60_000)} minutes`;
  return [
    `${file}: ${counted(fixes, "fix", "fixes")} of ${counted(venueIds.length, "venue")} (${shown}), from ${moment(oldestMs)} to ${moment(newestMs)}; ${shift}`,
    ...(badLines === 0 ? [] : [`${counted(badLines, "line is no fix", "lines are no fixes")}:`]),
    ...badLineExamples.slice(0, LINES_SHOWN).map(({ number, reason }) => `  line ${number}: ${reason}`),
    ...(badLines > LINES_SHOWN ? [`  and ${count(badLines - LINES_SHOWN)} more`] : []),
  ];
}

/** What a finished replay tells a person. */
export function replaySummaryLines(report: ReplayReport): string[] {
  const { survey, tally, realMs } = report;
  return [
    `${verdict(report)} after ${time(realMs)}, ${rate((tally.acknowledged * 1000) / Math.max(1, realMs))}`,
    "",
    `  fixes         ${count(survey.fixes)} in the file, ${count(tally.acknowledged)} acknowledged, ${count(tally.resent)} sent again${missing(report)}`,
    `  outcomes      ${outcomes(tally.outcomes)}`,
    ...report.refusals
      .slice(0, LINES_SHOWN)
      .map(
        ({ reason, count: times, firstLine }) =>
          `                - ${count(times)} ${reason} (first on line ${firstLine})`,
      ),
    `  bad lines     ${count(survey.badLines)}${tally.badFrames === 0 ? "" : `, ${count(tally.badFrames)} of them refused as frames`}`,
    `  answer time   ${percentiles(tally.answerTimes.percentiles())}   (from sending a frame to its answer)`,
    `  connections   ${counted(tally.reconnects, "reconnect")}, busy ${count(tally.busy)}, unknown ${count(tally.unknown)}, ${counted(tally.newEpochs.size, "change of epoch", "changes of epoch")}${losses(report)}`,
    ...report.confusions.map((message) => `  UNEXPECTED    the server ${message}`),
  ];
}

function verdict({ isComplete, isInterrupted, lastLine }: ReplayReport): string {
  if (isComplete) return "Done";
  return `${isInterrupted ? "Interrupted" : "GIVEN UP: nothing was acknowledged any more"} at line ${count(lastLine)}`;
}

function missing({ tally }: ReplayReport): string {
  return tally.outstanding === 0 ? "" : `, ${count(tally.outstanding)} NEVER ACKNOWLEDGED`;
}

function losses({ tally }: ReplayReport): string {
  return tally.losses.size === 0 ? "" : `; ended or failed: ${counts(tally.losses)}`;
}
