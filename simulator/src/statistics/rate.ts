/** How fast a growing count grows, over about the last five seconds. */
export class Rate {
  private readonly samples: { readonly timeMs: number; readonly count: number }[];

  /** @param startMs when the count was 0 */
  constructor(startMs: number) {
    this.samples = [{ timeMs: startMs, count: 0 }];
  }

  /** Notes a count at a time and answers what it grows by in a second. */
  perSecond(count: number, timeMs: number): number {
    this.samples.push({ timeMs, count });
    while (this.samples.length > 2 && timeMs - this.samples[1]!.timeMs >= 5_000) this.samples.shift();
    const first = this.samples[0]!;
    return timeMs === first.timeMs ? 0 : ((count - first.count) * 1000) / (timeMs - first.timeMs);
  }
}
