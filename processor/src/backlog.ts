/** What waits for evaluation in all venues, as the sweeps find it. */
export class Backlog {
  private readonly venues = new Map<string, { oldestMinute: number; sinceMs: number; fixes: number }>();

  /** Notes that a venue has fixes that the contacts do not reflect yet. */
  note(venueId: string, oldestMinute: number, fixes: number, nowMs: number): void {
    const known = this.venues.get(venueId);
    const sinceMs = known?.oldestMinute === oldestMinute ? known.sinceMs : nowMs;
    this.venues.set(venueId, { oldestMinute, sinceMs, fixes });
  }

  /** Notes that nothing waits in a venue, or that it is gone. */
  clear(venueId: string): void {
    this.venues.delete(venueId);
  }

  /** Forgets venues that are no more. */
  keep(venueIds: ReadonlySet<string>): void {
    for (const venueId of this.venues.keys()) if (!venueIds.has(venueId)) this.venues.delete(venueId);
  }

  /** Fixes that wait, of all venues. */
  get fixes(): number {
    return [...this.venues.values()].reduce((sum, { fixes }) => sum + fixes, 0);
  }

  /** How long the longest-waiting venue's oldest minute has been seen waiting, ms. A minute that goes on waits, too. */
  oldestAgeMs(nowMs: number): number {
    return [...this.venues.values()].reduce((oldest, { sinceMs }) => Math.max(oldest, nowMs - sinceMs), 0);
  }
}
