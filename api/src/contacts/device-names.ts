import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";

/** Names remembered in all; about 30 MB. */
const NAMES_MAX = 200_000;
const NAMES_PER_LOOK = 1_000;

/** Ids of devices by their numbers. In one incarnation of a venue a number's id never changes, so it is remembered. */
export class DeviceNames {
  private readonly redis: RedisClient;
  private readonly venues = new Map<string, Map<number, string>>();
  private count = 0;

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  /** The ids of all these numbers that have one. */
  async resolve(keys: VenueKeys, numbers: ReadonlySet<number>): Promise<Map<number, string>> {
    const known = this.venues.get(keys.prefix);
    const names = new Map<number, string>();
    const missing: number[] = [];
    for (const number of numbers) {
      const name = known?.get(number);
      if (name === undefined) missing.push(number);
      else names.set(number, name);
    }
    for (let at = 0; at < missing.length; at += NAMES_PER_LOOK) {
      await this.fetch(keys, missing.slice(at, at + NAMES_PER_LOOK), names);
    }
    return names;
  }

  private async fetch(keys: VenueKeys, numbers: readonly number[], into: Map<number, string>): Promise<void> {
    const found = await this.redis.hmget(keys.names, ...numbers.map(String));
    for (const [index, name] of found.entries()) {
      if (name === null) continue;
      into.set(numbers[index] as number, name);
      this.remember(keys, numbers[index] as number, name);
    }
  }

  private remember(keys: VenueKeys, number: number, name: string): void {
    if (this.count >= NAMES_MAX) {
      this.venues.clear();
      this.count = 0;
    }
    let venue = this.venues.get(keys.prefix);
    if (venue === undefined) {
      venue = new Map();
      this.venues.set(keys.prefix, venue);
    }
    if (!venue.has(number)) this.count++;
    venue.set(number, name);
  }
}

/** The number of a device, or null where it was never seen in the venue. */
export async function deviceNumber(redis: RedisClient, keys: VenueKeys, deviceId: string): Promise<number | null> {
  const number = await redis.hget(keys.devices, deviceId);
  return number === null ? null : Number(number);
}
