import type { FrameErrorCode } from "@encounter/core/wire/reply";
import type { OutcomeCheck } from "../statistics/outcome-check.ts";
import type { Tally } from "../statistics/tally.ts";
import type { Frame } from "../transport/outbox.ts";
import type { FixOutcome, Reply } from "../transport/outcomes.ts";
import type { Observer } from "./reporter.ts";
import type { SimulatedFix } from "./simulated-fix.ts";

/** Those who want to know each fix's first answer. */
export interface AnswerListener {
  answered(fix: SimulatedFix, outcome: FixOutcome): void;
}

/** Brings what happens on the sockets to the tally, the check of outcomes and all who listen for answers. */
export class Recorder implements Observer {
  private readonly tally: Tally;
  private readonly check: OutcomeCheck;
  private readonly listeners: readonly AnswerListener[];
  private readonly onRefused: (reason: string) => void;

  constructor(
    tally: Tally,
    check: OutcomeCheck,
    listeners: readonly AnswerListener[],
    onRefused: (reason: string) => void,
  ) {
    this.tally = tally;
    this.check = check;
    this.listeners = listeners;
    this.onRefused = onRefused;
  }

  sent(frame: Frame<SimulatedFix>): void {
    this.tally.frames++;
    this.tally.sent += frame.items.length;
    if (frame.again || frame.attempts > 1) this.tally.resent += frame.items.length;
  }

  answered(frame: Frame<SimulatedFix>, reply: Reply, outcomes: readonly FixOutcome[]): void {
    const { tally } = this;
    tally.answerTimes.add(performance.now() - frame.sentMs);
    tally.addOutcomes(reply.counts);
    const nowMs = Date.now();
    frame.items.forEach((fix, index) => {
      const outcome = outcomes[index]!;
      this.check.check(fix, outcome);
      if (!frame.again) tally.delays.add(nowMs - fix.dueMs);
      for (const listener of this.listeners) listener.answered(fix, outcome);
    });
    if (!frame.again) tally.acknowledged += frame.items.length;
  }

  troubled(frame: Frame<SimulatedFix>, code: FrameErrorCode, message: string): void {
    if (code === "busy") this.tally.busy++;
    else if (code === "unknown") this.tally.unknown++;
    else {
      this.tally.badFrames++;
      if (!frame.again) this.tally.rejected += frame.items.length;
      this.check.note(`called a good frame bad: ${message}`);
    }
  }

  confused(message: string): void {
    this.tally.confusions++;
    this.check.note(message);
  }

  opened(isReconnect: boolean): void {
    this.tally.connected++;
    if (isReconnect) this.tally.reconnects++;
  }

  lost(reason: string, wasOpen: boolean): void {
    this.tally.addLoss(reason);
    if (wasOpen) this.tally.connected--;
  }

  refused(reason: string): void {
    this.onRefused(reason);
  }

  wentBack(fixes: readonly SimulatedFix[], epoch: string): void {
    this.tally.newEpochs.add(epoch);
    for (const fix of fixes) this.check.forget(fix);
  }
}
