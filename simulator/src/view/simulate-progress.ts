import type { OutcomeCheck } from "../statistics/outcome-check.ts";
import { Rate } from "../statistics/rate.ts";
import type { Tally } from "../statistics/tally.ts";
import { clock, count, counted, moment, outcomes, percentiles, rate, time } from "./wording.ts";

/** What the progress of a simulation is read from. */
export interface SimulationProgress {
  readonly tally: Tally;
  readonly check: OutcomeCheck;
  readonly sockets: number;
  /** Simulated ms since the start. */
  readonly reachedMs: () => number;
  readonly startMs: number;
  /** Simulated ms to run, Infinity for no end. */
  readonly durationMs: number;
  readonly isLive: () => boolean;
}

/** Words a running simulation, for a terminal and for a log. */
export class SimulateProgress {
  private readonly progress: SimulationProgress;
  private readonly startedMs = performance.now();
  private readonly rate = new Rate(this.startedMs);

  constructor(progress: SimulationProgress) {
    this.progress = progress;
  }

  /** Lines for a terminal. */
  readonly lines = (): string[] => {
    const { tally } = this.progress;
    return [
      "",
      `  running    ${this.time()}`,
      `  fixes      ${count(tally.fixes)} measured   ${count(tally.acknowledged)} acknowledged   ${count(tally.outstanding)} on their way   ${this.perSecond()}`,
      `  outcomes   ${outcomes(tally.outcomes)}`,
      `  answers    ${percentiles(tally.answerTimes.percentiles())}`,
      `  sockets    ${this.sockets()}`,
      `  checks     ${this.checks()}`,
      "",
    ];
  };

  /** One line for a log. */
  readonly line = (): string => {
    const { tally, check } = this.progress;
    const times = tally.answerTimes.percentiles();
    return [
      clock(performance.now() - this.startedMs),
      this.perSecond(),
      `sent ${count(tally.sent)}`,
      `acknowledged ${count(tally.acknowledged)}`,
      ...(tally.outcomes.size > 0 ? [outcomes(tally.outcomes, "  ")] : []),
      ...(times === null ? [] : [`p50 ${time(times.p50)}  p95 ${time(times.p95)}  p99 ${time(times.p99)}`]),
      `sockets ${count(tally.connected)}`,
      `reconnects ${count(tally.reconnects)}`,
      ...(check.unexpected > 0 ? [`UNEXPECTED ${count(check.unexpected)}`] : []),
      ...(tally.connected === 0 ? [this.lastLoss()] : []),
    ].join("  ");
  };

  private time(): string {
    const { startMs, reachedMs, durationMs, isLive } = this.progress;
    const runsMs = performance.now() - this.startedMs;
    const of = durationMs === Infinity ? "" : ` of ${time(durationMs)}`;
    const mode = isLive() ? "live" : `catching up, ${time(reachedMs())}${of} simulated`;
    return `${clock(runsMs)}   at ${moment(startMs + reachedMs())} (${mode})   Ctrl-C ends it`;
  }

  private perSecond(): string {
    return rate(this.rate.perSecond(this.progress.tally.acknowledged, performance.now()));
  }

  private sockets(): string {
    const { tally, sockets } = this.progress;
    const open = `${count(tally.connected)} of ${count(sockets)} open   ${counted(tally.reconnects, "reconnect")}`;
    const held = `   busy ${count(tally.busy)}   unknown ${count(tally.unknown)}   resent ${count(tally.resent)}`;
    return open + held + (tally.connected === 0 ? `   ${this.lastLoss()}` : "");
  }

  private lastLoss(): string {
    const reasons = [...this.progress.tally.losses.keys()];
    return reasons.length === 0 ? "connecting" : `not connected: ${reasons[reasons.length - 1]}`;
  }

  private checks(): string {
    const { check } = this.progress;
    if (check.unexpected === 0) return "every answer as the contract says";
    return `${counted(check.unexpected, "UNEXPECTED answer")}, such as: ${check.examples[0]}`;
  }
}
