/** What was accepted lately, so that it can be told again when the store went back in time. Bounded in time and number. */
export class RecentlyAccepted<Item> {
  private readonly keptMs: number;
  private readonly most: number;
  private entries: { readonly item: Item; readonly timeMs: number }[] = [];
  private newestMs = -Infinity;

  /** @param keptMs how long before the newest an item is still told @param most how many at most are kept */
  constructor(keptMs: number, most = Infinity) {
    this.keptMs = keptMs;
    this.most = most;
  }

  add(item: Item, timeMs: number): void {
    this.entries.push({ item, timeMs });
    this.newestMs = Math.max(this.newestMs, timeMs);
    // At twice what is kept, so that the list is not cut on every addition.
    const isOld = this.entries[0]!.timeMs < this.newestMs - 2 * this.keptMs;
    if (isOld || this.entries.length > 2 * this.most) this.entries = this.recentEntries();
  }

  /** The items of the last while, in the order they were added. */
  recent(): Item[] {
    return this.recentEntries().map(({ item }) => item);
  }

  private recentEntries() {
    const recent = this.entries.filter(({ timeMs }) => timeMs >= this.newestMs - this.keptMs);
    return recent.length > this.most ? recent.slice(-this.most) : recent;
  }
}

/** Items in frames of at most so many. */
export function inFrames<Item>(items: readonly Item[], most: number): Item[][] {
  const frames: Item[][] = [];
  for (let i = 0; i < items.length; i += most) frames.push(items.slice(i, i + most));
  return frames;
}
