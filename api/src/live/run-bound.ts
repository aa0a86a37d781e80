import type { VenueSettings } from "@encounter/core/wire/venue";

const BACK_MINUTES = 240;

/**
 * How far back the beginning of a run is looked for on the map, minutes: four hours, or the length of a contact if
 * that is more. What is longer is shown as that long.
 */
export function runMinutesMax({ min_minutes: minMinutes }: VenueSettings): number {
  return Math.max(BACK_MINUTES, minMinutes);
}
