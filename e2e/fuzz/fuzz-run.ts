import fc from "fast-check";

/** Runs of a property between two looks at how much was sent. */
const RUNS_AT_ONCE = 10;

/** An input that fails is made smaller for so long, ms. */
const PATIENCE = { interruptAfterTimeLimit: 15_000 };

/** One run of the fuzz: its seed, and how much was sent. */
export class FuzzRun {
  readonly seed: number;
  /** Frames, requests and salads sent, by kind. */
  readonly sent = new Map<string, number>();

  constructor(seed: number) {
    this.seed = seed;
  }

  get total(): number {
    return [...this.sent.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * Sends generated inputs until there were so many cases. A failure names its seed and the smallest input that fails.
   * @param send sends an input, checks what comes of it, and says how many cases it held
   */
  async check<Input>(
    kind: string,
    cases: number,
    inputs: fc.Arbitrary<Input>,
    send: (input: Input) => Promise<number>,
  ): Promise<void> {
    let sent = 0;
    const property = fc.asyncProperty(inputs, async (input) => {
      sent += await send(input);
    });
    for (let round = 0; sent < cases; round++) {
      await fc.assert(property, { seed: this.seed + round, numRuns: Math.min(RUNS_AT_ONCE, cases), ...PATIENCE });
    }
    this.sent.set(kind, (this.sent.get(kind) ?? 0) + sent);
  }
}
