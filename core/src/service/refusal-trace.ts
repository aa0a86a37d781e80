import type { Logger } from "./log.ts";

/** A line about refusals of one kind at most so often, ms: a flood of them must not become a flood of lines. */
const PAUSE_MS = 10_000;

/** Why somebody who is nobody we know was not let in. */
export type RefusalKind = "no credential" | "wrong credential" | "session over" | "other origin";

/** Leaves a trace of refused strangers in the service's log: how many and why, and nothing of what they sent. */
export class RefusalTrace {
  private readonly log: Logger;
  private readonly now: () => number;
  private readonly counts = new Map<RefusalKind, number>();
  private readonly toldMs = new Map<RefusalKind, number>();

  constructor(log: Logger, now: () => number) {
    this.log = log;
    this.now = now;
  }

  note(kind: RefusalKind): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const sinceMs = this.now() - (this.toldMs.get(kind) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back must not silence it.
    if (sinceMs >= 0 && sinceMs < PAUSE_MS) return;
    this.toldMs.set(kind, this.now());
    this.counts.set(kind, 0);
    this.log.warn({ refused: kind, count }, "somebody was not let in");
  }
}
