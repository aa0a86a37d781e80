import { build, type Histogram } from "hdr-histogram-js";
import type { Reply } from "../transport/outcomes.ts";

/** Longest time a histogram tells apart, ms. */
const LONGEST_MS = 600_000;

function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_MS * 1000,
    numberOfSignificantValueDigits: 3,
  });
}

/** Percentiles of a time, ms. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Times in ms by their distribution, to three digits. */
class Times {
  private readonly histogram = newHistogram();

  add(timeMs: number): void {
    this.histogram.recordValue(Math.round(Math.min(Math.max(timeMs, 0.001), LONGEST_MS) * 1000));
  }

  /** Null while there is nothing. */
  percentiles(): Percentiles | null {
    if (this.histogram.totalCount === 0) return null;
    const at = (percentile: number) => this.histogram.getValueAtPercentile(percentile) / 1000;
    return { p50: at(50), p95: at(95), p99: at(99), max: this.histogram.maxValue / 1000 };
  }
}

/** Counts of everything that is sent and answered. */
export class Tally {
  /** Fixes that were to be sent, each once. */
  fixes = 0;
  /** Fixes that were answered with an outcome, each once. */
  acknowledged = 0;
  /** Fixes sent, every time counted. */
  sent = 0;
  frames = 0;
  /** Fixes sent once more, for whatever reason. */
  resent = 0;
  busy = 0;
  unknown = 0;
  badFrames = 0;
  /** Fixes of frames that the server called bad: they get no outcome. */
  rejected = 0;
  confusions = 0;
  reconnects = 0;
  /** Sockets that are open now. */
  connected = 0;
  /** Epochs that followed the first one. */
  readonly newEpochs = new Set<string>();
  readonly outcomes = new Map<string, number>();
  /** Why connections ended or were not had, by close code and reason. */
  readonly losses = new Map<string, number>();
  /** From sending a frame to its answer, frame by frame. */
  readonly answerTimes = new Times();
  /** From when a fix was due to its answer: waiting, reconnecting and sending again included, fix by fix. */
  readonly delays = new Times();

  /** Adds the counts of a reply. */
  addOutcomes(counts: Reply["counts"]): void {
    for (const [outcome, count] of Object.entries(counts)) {
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
    }
  }

  addLoss(reason: string): void {
    this.losses.set(reason, (this.losses.get(reason) ?? 0) + 1);
  }

  /** Fixes that were due and have no outcome yet. */
  get outstanding(): number {
    return this.fixes - this.acknowledged - this.rejected;
  }
}
