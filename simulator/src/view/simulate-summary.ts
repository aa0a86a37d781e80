import type { SummaryParts } from "../statistics/summary.ts";
import type { Accuracy, Difference } from "../verification/comparison.ts";
import type { StoredCheck, VenueVerification } from "../verification/verify.ts";
import { count, counted, counts, outcomes, percent, percentiles, time } from "./wording.ts";

/** Venues whose verification is told one by one. */
const VENUES_SHOWN = 10;

/** What a finished simulation tells a person. */
export function summaryLines(parts: SummaryParts): string[] {
  const { tally, check } = parts;
  const delay =
    parts.delays === null
      ? []
      : [`  delay         ${percentiles(parts.delays)}   (from due to acknowledged, resending included)`];
  return [
    `Done after ${time(parts.realMs)}: ${time(parts.simulatedMs)} simulated, seed ${parts.seed}`,
    "",
    `  fixes         ${count(tally.fixes)} measured, ${unacknowledged(parts)}, ${count(tally.resent)} sent again`,
    `  outcomes      ${outcomes(tally.outcomes)}`,
    `  answer time   ${percentiles(tally.answerTimes.percentiles())}   (from sending a frame to its answer)`,
    ...delay,
    `  connections   ${counted(tally.reconnects, "reconnect")}, busy ${count(tally.busy)}, unknown ${count(tally.unknown)}, ${counted(tally.newEpochs.size, "change of epoch", "changes of epoch")}${losses(tally.losses)}`,
    `  checks        ${check.unexpected === 0 ? "every answer as the contract says" : `${counted(check.unexpected, "UNEXPECTED answer")}:`}`,
    ...check.examples.map((example) => `                - ${example}`),
    ...verificationLines(parts),
  ];
}

function unacknowledged({ tally }: SummaryParts): string {
  const missing = tally.fixes - tally.acknowledged;
  return missing === 0 ? "all acknowledged" : `${count(missing)} NEVER ACKNOWLEDGED`;
}

function losses(byReason: ReadonlyMap<string, number>): string {
  return byReason.size === 0 ? "" : `; ended or failed: ${counts(byReason)}`;
}

function verificationLines({ verifications, verificationTrouble }: SummaryParts): string[] {
  if (verificationTrouble !== null) return ["", `NOT VERIFIED: ${verificationTrouble}`];
  if (verifications === null) return [];
  const hidden = verifications.length - VENUES_SHOWN;
  return [
    ...verifications.slice(0, VENUES_SHOWN).flatMap(venueLines),
    ...(hidden > 0 ? ["", `... and ${counted(hidden, "more venue")}: see the JSON summary`] : []),
  ];
}

function venueLines(venue: VenueVerification): string[] {
  const { stored, proximityM, minMinutes } = venue;
  return [
    "",
    `Venue ${venue.venueId}: contacts of at least ${counted(minMinutes, "minute")} within ${proximityM} m`,
    "",
    `  stored        ${counted(stored.fixes, "fix", "fixes")} in ${counted(stored.minutes, "minute")}: ${storedText(stored)}`,
    `  contacts      ${differenceText(venue.contacts)}`,
    `  sure ones     ${differenceText(venue.certainContacts)}`,
    `  in truth      ${counted(venue.trueContacts, "contact")}: the true positions stayed within ${proximityM} m`,
    `    contacts    ${accuracyText(venue.accuracy)}   (the circles of accuracy can be that near)`,
    `    sure ones   ${accuracyText(venue.certainAccuracy)}   (they are that near wherever in them one is)`,
  ];
}

function storedText({ missing, wrong, foreign }: StoredCheck): string {
  if (foreign > 0)
    return `${count(foreign)} NOT OF THIS RUN: the same devices were in this venue before; verify in a new one`;
  return missing + wrong === 0 ? "all as acknowledged" : `${count(missing)} MISSING, ${count(wrong)} WRONG`;
}

function differenceText({ expected, found, missing, surplus }: Difference): string {
  const verdict =
    missing.length + surplus.length === 0 ? "equal" : `${missing.length} MISSING, ${surplus.length} TOO MANY`;
  return `${count(found)} found, ${count(expected)} by brute force over what was accepted: ${verdict}`;
}

function accuracyText({ precision, recall, minutePrecision, minuteRecall }: Accuracy): string {
  const minutes = `by minute ${percent(minutePrecision)} and ${percent(minuteRecall)}`;
  return `precision ${percent(precision)}, recall ${percent(recall)}; ${minutes}`;
}
