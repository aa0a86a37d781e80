/** How many of something are there by name, up to a bound; names of which there are none take no memory. */
export class Occupancy {
  private readonly counts = new Map<string, number>();

  /** Counts one more, unless there are `max`. */
  enter(name: string, max: number): boolean {
    const count = this.counts.get(name) ?? 0;
    if (count >= max) return false;
    this.counts.set(name, count + 1);
    return true;
  }

  leave(name: string): void {
    const count = this.counts.get(name) ?? 0;
    if (count > 1) this.counts.set(name, count - 1);
    else this.counts.delete(name);
  }
}
