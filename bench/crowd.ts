import type { Fix } from "@encounter/core/domain/fix";
import { metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import { minuteStartMs } from "@encounter/core/domain/minute";

/** A generator of numbers in [0, 1) that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Many devices, one fix each, spread evenly over a square. */
export interface Crowd {
  readonly devices: number;
  readonly perSquareMetre: number;
  /** Accuracy radii are spread evenly from the first to the second, metres. */
  readonly accuracyM: readonly [number, number];
  readonly seed: number;
}

const CENTRE = { longitude: 9.0021, latitude: 47.3007 };

/** One minute of a crowd, in an order that has nothing to do with place. */
export function crowdMinute({ devices, perSquareMetre, accuracyM, seed }: Crowd, minute: number): Fix[] {
  const random = seededRandom(seed + minute);
  const edgeM = Math.sqrt(devices / perSquareMetre);
  const [least, most] = accuracyM;
  return Array.from({ length: devices }, (_, device) => ({
    deviceId: `device-${device}`,
    fixTimeMs: minuteStartMs(minute) + Math.floor(random() * 60_000),
    longitude: CENTRE.longitude + ((random() - 0.5) * edgeM) / metresPerDegreeEast(CENTRE.latitude),
    latitude: CENTRE.latitude + ((random() - 0.5) * edgeM) / metresPerDegreeNorth(CENTRE.latitude),
    floor: 0,
    accuracyM: Math.round((least + random() * (most - least)) * 100) / 100,
  }));
}
