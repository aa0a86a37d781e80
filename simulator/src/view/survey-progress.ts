import type { Output } from "./terminal.ts";
import { count, percent } from "./wording.ts";

const DRAW_MS = 250;

/** Tells how far a file has been looked through, where that takes long. */
export class SurveyProgress {
  private readonly output: Output;
  private readonly everyMs: number;
  private readonly isQuiet: boolean;
  private shownMs = performance.now();
  private isShown = false;

  /** @param everyMs between two lines where there is no terminal */
  constructor(output: Output, everyMs: number, isQuiet: boolean) {
    this.output = output;
    this.everyMs = output.isTTY === true ? DRAW_MS : everyMs;
    this.isQuiet = isQuiet;
  }

  note(share: number, fixes: number): void {
    const nowMs = performance.now();
    if (this.isQuiet || nowMs - this.shownMs < this.everyMs) return;
    this.shownMs = nowMs;
    const text = `looking through the file: ${percent(share)}, ${count(fixes)} fixes`;
    this.output.write(this.output.isTTY === true ? `\r${text}\u001b[K` : `${text}\n`);
    this.isShown = true;
  }

  end(): void {
    if (this.isShown && this.output.isTTY === true) this.output.write("\r\u001b[K");
  }
}
