import type { Fix } from "@encounter/core/domain/fix";
import { metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";

const ORIGIN = { longitude: 8.5, latitude: 47.4 };

/** A minute that has just ended. */
export const NOW_MINUTE = Math.floor(Date.now() / 60_000) - 1;

/** A fix amid a minute, so many metres from the origin of all tests. */
export function at(
  deviceId: string,
  minute: number,
  eastM: number,
  change: Partial<Fix> & { northM?: number } = {},
): Fix {
  const { northM = 0, ...rest } = change;
  return {
    deviceId,
    fixTimeMs: minute * 60_000 + 30_000,
    longitude: ORIGIN.longitude + eastM / metresPerDegreeEast(ORIGIN.latitude),
    latitude: ORIGIN.latitude + northM / metresPerDegreeNorth(ORIGIN.latitude),
    floor: 0,
    accuracyM: 1,
    ...rest,
  };
}

/** Two devices side by side through minutes, so many metres apart. */
export function together(a: string, b: string, startMinute: number, minutes: number, apartM: number): Fix[] {
  return Array.from({ length: minutes }, (_, index) => [
    at(a, startMinute + index, 0),
    at(b, startMinute + index, apartM),
  ]).flat();
}
