import { busy } from "./api-error.ts";

/** Lets a few searches run at a time and a bounded number wait; what comes beyond that is told so. */
export class Gate {
  private readonly runningMax: number;
  private readonly waitingMax: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(runningMax: number, waitingMax: number) {
    this.runningMax = runningMax;
    this.waitingMax = waitingMax;
  }

  /** Runs a task when it is its turn. @throws ApiError `busy` where too many wait */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await task();
    } finally {
      leave();
    }
  }

  /** Waits for a turn; whoever gets it ends it by what is returned. @throws ApiError `busy` where too many wait */
  async enter(): Promise<() => void> {
    if (this.running >= this.runningMax) {
      if (this.waiting.length >= this.waitingMax) throw busy();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    return () => {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    };
  }
}
