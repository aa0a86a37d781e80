import type { TimeWindow } from "./time-window.ts";

/** What decides which contacts there are; the same on every page. */
export interface ContactSelection extends TimeWindow {
  readonly proximityDm: number;
  readonly minMinutes: number;
  readonly certainOnly: boolean;
}

/** About whom a query is. */
export interface ContactScope {
  readonly venueId: string;
  /** One device, or null for every pair of the venue. */
  readonly deviceId: string | null;
}
