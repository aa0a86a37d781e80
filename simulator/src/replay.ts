// npm run replay: sends recorded fixes from a file. See --help.
import { OperatorDoorError } from "./operator/operator-door.ts";
import { REPLAY_HELP, readReplayOptions } from "./options/replay-options.ts";
import { UsageError } from "./options/usage-error.ts";
import { isGood, reportJson } from "./replaying/report.ts";
import { replayFile } from "./replaying/run.ts";
import { replaySummaryLines, surveyLines } from "./view/replay-summary.ts";
import { writeSummary } from "./view/summary-file.ts";
import { SurveyProgress } from "./view/survey-progress.ts";

/** 0: every fix was acknowledged; 1: some were not; 2: it could not be started as asked. */
async function main(): Promise<number> {
  const options = readReplayOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(REPLAY_HELP);
    return 0;
  }
  const output = options.summaryFile === "-" ? process.stderr : process.stdout;
  const say = (line: string) => options.quiet || output.write(`${line}\n`);
  const surveying = new SurveyProgress(output, options.everyMs, options.quiet);
  const report = await replayFile(options, {
    output,
    surveying: (share, fixes) => surveying.note(share, fixes),
    surveyed: (survey, shiftedByMs) => {
      surveying.end();
      surveyLines(options.file, survey, shiftedByMs).forEach(say);
    },
    evaluating: () => void say("all sent; waiting until it is evaluated ..."),
  });
  ["", ...replaySummaryLines(report)].forEach(say);
  writeSummary(options.summaryFile, reportJson(report));
  return isGood(report) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError || error instanceof OperatorDoorError)) throw error;
  process.stderr.write(`replay: ${error.message}\n`);
  process.exitCode = 2;
}
