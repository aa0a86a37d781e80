import type { Replay } from "../replaying/replay.ts";
import { Rate } from "../statistics/rate.ts";
import type { Tally } from "../statistics/tally.ts";
import { clock, count, counted, moment, outcomes, percent, percentiles, rate, time } from "./wording.ts";

/** What the progress of a replay is read from. */
export interface ReplayState {
  readonly tally: Tally;
  readonly replay: Replay;
  /** Lines to be sent. */
  readonly total: number;
  readonly fileBytes: number;
}

/** Words a running replay, for a terminal and for a log. */
export class ReplayProgress {
  private readonly state: ReplayState;
  private readonly startedMs = performance.now();
  private readonly rate = new Rate(this.startedMs);

  constructor(state: ReplayState) {
    this.state = state;
  }

  /** Lines for a terminal. */
  readonly lines = (): string[] => {
    const { tally, replay } = this.state;
    const recorded = Number.isNaN(replay.newestMs) ? "" : `   recorded at ${moment(replay.newestMs)}`;
    return [
      "",
      `  running    ${this.elapsed()}   ${this.share()} of the file, line ${count(replay.line)}${recorded}   Ctrl-C ends it`,
      `  fixes      ${count(tally.acknowledged)} of ${count(this.state.total)} acknowledged   ${count(tally.outstanding)} on their way   ${this.perSecond()}`,
      `  outcomes   ${outcomes(tally.outcomes)}`,
      `  answers    ${percentiles(tally.answerTimes.percentiles())}`,
      `  sockets    ${counted(tally.connected, "open socket")}   ${counted(tally.reconnects, "reconnect")}   busy ${count(tally.busy)}   unknown ${count(tally.unknown)}   ${this.trouble()}`,
      "",
    ];
  };

  /** One line for a log. */
  readonly line = (): string => {
    const { tally } = this.state;
    const times = tally.answerTimes.percentiles();
    return [
      this.elapsed(),
      this.share(),
      `acknowledged ${count(tally.acknowledged)} of ${count(this.state.total)}`,
      this.perSecond(),
      ...(tally.outcomes.size > 0 ? [outcomes(tally.outcomes, "  ")] : []),
      ...(times === null ? [] : [`p50 ${time(times.p50)}  p99 ${time(times.p99)}`]),
      `reconnects ${count(tally.reconnects)}`,
      this.trouble(),
    ]
      .join("  ")
      .trimEnd();
  };

  private elapsed(): string {
    return clock(performance.now() - this.startedMs);
  }

  private share(): string {
    const { replay, fileBytes } = this.state;
    return percent(Math.min(1, replay.bytesRead / Math.max(1, fileBytes)));
  }

  private perSecond(): string {
    return rate(this.rate.perSecond(this.state.tally.acknowledged, performance.now()));
  }

  private trouble(): string {
    const { connected, losses } = this.state.tally;
    return connected > 0 || losses.size === 0 ? "" : `not connected: ${[...losses.keys()].at(-1)}`;
  }
}
