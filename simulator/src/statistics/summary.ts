import type { VenueVerification } from "../verification/verify.ts";
import type { OutcomeCheck } from "./outcome-check.ts";
import type { Percentiles, Tally } from "./tally.ts";

/** What a summary is made of. */
export interface SummaryParts {
  readonly tally: Tally;
  readonly check: OutcomeCheck;
  readonly venueIds: readonly string[];
  readonly devices: number;
  readonly seed: string;
  readonly startMs: number;
  readonly simulatedMs: number;
  readonly realMs: number;
  /** Null where delays mean nothing: the past was sent as fast as it went. */
  readonly delays: Percentiles | null;
  /** Null where nothing was verified. */
  readonly verifications: readonly VenueVerification[] | null;
  /** What kept the verification from being done, or null. */
  readonly verificationTrouble: string | null;
}

/** Whether a venue's fixes and contacts are what they must be. */
function isVerified({ stored, contacts, certainContacts }: VenueVerification): boolean {
  const differences = [contacts, certainContacts].flatMap(({ missing, surplus }) => [...missing, ...surplus]);
  return stored.missing === 0 && stored.wrong === 0 && stored.foreign === 0 && differences.length === 0;
}

/** Whether a run went as it must: everything acknowledged as the contract says and, where verified, right. */
export function isGood({ tally, check, verifications, verificationTrouble }: SummaryParts): boolean {
  const isDone = tally.outstanding === 0 && tally.rejected === 0 && check.unexpected === 0;
  return isDone && verificationTrouble === null && (verifications ?? []).every(isVerified);
}

/** The summary as JSON; times are in ms, shares from 0 to 1. */
export function summaryJson(parts: SummaryParts): object {
  const { tally, check } = parts;
  return {
    ok: isGood(parts),
    venues: parts.venueIds,
    devices: parts.devices,
    seed: parts.seed,
    start: parts.startMs,
    simulated_ms: Math.round(parts.simulatedMs),
    real_ms: Math.round(parts.realMs),
    fixes: tally.fixes,
    acknowledged: tally.acknowledged,
    unacknowledged: tally.fixes - tally.acknowledged,
    sent: tally.sent,
    resent: tally.resent,
    frames: tally.frames,
    fixes_per_second: parts.realMs === 0 ? 0 : Math.round((tally.acknowledged * 100_000) / parts.realMs) / 100,
    outcomes: Object.fromEntries(tally.outcomes),
    answer_ms: tally.answerTimes.percentiles(),
    delay_ms: parts.delays,
    busy: tally.busy,
    unknown: tally.unknown,
    bad_frames: tally.badFrames,
    reconnects: tally.reconnects,
    connections_lost: Object.fromEntries(tally.losses),
    epoch_changes: tally.newEpochs.size,
    unexpected: check.unexpected,
    unexpected_examples: check.examples,
    verification: parts.verifications?.map(verificationJson) ?? null,
    verification_trouble: parts.verificationTrouble,
  };
}

function verificationJson(venue: VenueVerification): object {
  const difference = ({ expected, found, missing, surplus }: VenueVerification["contacts"]) => ({
    expected,
    found,
    missing: missing.length,
    surplus: surplus.length,
    equal: missing.length + surplus.length === 0,
  });
  const accuracy = ({ precision, recall, minutePrecision, minuteRecall }: VenueVerification["accuracy"]) => ({
    precision,
    recall,
    minute_precision: minutePrecision,
    minute_recall: minuteRecall,
  });
  return {
    venue_id: venue.venueId,
    proximity: venue.proximityM,
    min_minutes: venue.minMinutes,
    stored: venue.stored,
    contacts: difference(venue.contacts),
    certain_contacts: difference(venue.certainContacts),
    true_contacts: venue.trueContacts,
    possible_against_truth: accuracy(venue.accuracy),
    certain_against_truth: accuracy(venue.certainAccuracy),
  };
}
