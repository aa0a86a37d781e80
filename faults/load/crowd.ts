import type { WireFix } from "@encounter/core/wire/fix";
import type { Random } from "../../simulator/src/world/random.ts";

const HALL_EAST_M = 30;
const HALL_NORTH_M = 20;
const STEP_M = 3;
const CORNER = { longitude: 13.4, latitude: 52.5 };
/** Between two fixes of a device: two or three a minute, of which the first counts. */
const INTERVAL_MS = 25_000;
const FLOORS = 2;

interface Walker {
  readonly deviceId: string;
  eastM: number;
  northM: number;
  floor: number;
}

export interface CrowdOptions {
  readonly venueId: string;
  readonly deviceIds: readonly string[];
  readonly startMs: number;
  readonly random: Random;
}

/** People who wander about a hall of two floors. Their time is their own: it passes as they are asked. */
export class Crowd {
  private readonly venueId: string;
  private readonly random: Random;
  private readonly walkers: Walker[];
  private next = 0;
  private timeMs: number;

  constructor({ venueId, deviceIds, startMs, random }: CrowdOptions) {
    this.venueId = venueId;
    this.random = random;
    this.timeMs = startMs;
    this.walkers = deviceIds.map((deviceId, number) => ({
      deviceId,
      eastM: random.between(0, HALL_EAST_M),
      northM: random.between(0, HALL_NORTH_M),
      floor: number % 5 === 0 ? 1 : 0,
    }));
  }

  /** The next fixes, in the order of their time. */
  take(count: number): WireFix[] {
    return Array.from({ length: count }, () => this.nextFix());
  }

  private nextFix(): WireFix {
    const walker = this.walkers[this.next] as Walker;
    const share = this.next / this.walkers.length;
    const timestamp = Math.floor(this.timeMs + share * INTERVAL_MS);
    this.next += 1;
    if (this.next === this.walkers.length) {
      this.next = 0;
      this.timeMs += INTERVAL_MS;
    }
    this.move(walker);
    return fixAt(this.venueId, walker.deviceId, timestamp, walker, this.accuracyM());
  }

  private move(walker: Walker): void {
    walker.eastM = within(walker.eastM + this.random.between(-STEP_M, STEP_M), HALL_EAST_M);
    walker.northM = within(walker.northM + this.random.between(-STEP_M, STEP_M), HALL_NORTH_M);
    if (this.random.next() < 0.01) walker.floor = (walker.floor + 1) % FLOORS;
  }

  /** In decimetres, so that a gap is what the venue keeps; one in fifty too inaccurate to count. */
  private accuracyM(): number {
    return this.random.next() < 0.02 ? 4.1 : Math.round(this.random.between(0, 40)) / 10;
  }
}

/** A fix so many metres from the venue's corner. */
export function fixAt(
  venueId: string,
  deviceId: string,
  timestamp: number,
  { eastM, northM, floor }: { readonly eastM: number; readonly northM: number; readonly floor: number },
  accuracyM: number,
): WireFix {
  return {
    device_id: deviceId,
    venue_id: venueId,
    timestamp,
    position: {
      longitude: CORNER.longitude + eastM / 67_900,
      latitude: CORNER.latitude + northM / 111_270,
      floor,
      accuracy: accuracyM,
    },
  };
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
