/** Where text is written to: stdout, or stderr where stdout is for the summary. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

/** How often a terminal is drawn anew, ms. */
const DRAW_MS = 500;
const ERASE_DOWN = "\u001b[0J";

/**
 * Shows progress for as long as something runs: a few lines drawn over and over in a terminal, else a line now and
 * then.
 */
export class ProgressView {
  private readonly output: Output;
  private readonly lines: () => readonly string[];
  private readonly line: () => string;
  private readonly timer: NodeJS.Timeout;
  private drawnLines = 0;

  /**
   * @param lines what a terminal shows now
   * @param line the same in one line
   * @param everyMs between two lines
   */
  constructor(output: Output, lines: () => readonly string[], line: () => string, everyMs: number) {
    this.output = output;
    this.lines = lines;
    this.line = line;
    const isTerminal = output.isTTY === true;
    this.timer = setInterval(() => this.show(), isTerminal ? DRAW_MS : everyMs);
    if (isTerminal) this.show();
  }

  /** Shows the last state and stops. */
  stop(): void {
    clearInterval(this.timer);
    this.show();
  }

  private show(): void {
    if (this.output.isTTY !== true) {
      this.output.write(`${this.line()}\n`);
      return;
    }
    // A line that wrapped would not be drawn over.
    const width = (this.output.columns ?? 100) - 1;
    const lines = this.lines().map((line) => line.slice(0, width));
    const up = this.drawnLines === 0 ? "" : `\u001b[${this.drawnLines}A\r`;
    this.output.write(`${up}${ERASE_DOWN}${lines.join("\n")}\n`);
    this.drawnLines = lines.length;
  }
}
