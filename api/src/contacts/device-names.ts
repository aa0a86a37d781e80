import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import type { VenueKeys } from "@encounter/core/storage/keys";

/** Names remembered in all; about 30 MB. */
const NAMES_MAX = 200_000;
const NAMES_PER_LOOK = 1_000;

/** What is remembered of a venue, and how many of its devices had lost their name by then. */
interface KnownNames {
  readonly removals: number;
  readonly byNumber: Map<number, string>;
}

/**
 * Ids of devices by their numbers. In one incarnation of a venue a number's id never changes, so it is remembered,
 * until a device of the venue is erased or forgotten.
 */
export class DeviceNames {
  private readonly redis: RedisClient;
  private readonly venues = new Map<string, KnownNames>();
  private count = 0;

  constructor(redis: RedisClient) {
    this.redis = redis;
  }

  /** The ids of all these numbers that have one. */
  async resolve(record: VenueRecord, numbers: ReadonlySet<number>): Promise<Map<number, string>> {
    const known = this.knownOf(record);
    const names = new Map<number, string>();
    const missing: number[] = [];
    for (const number of numbers) {
      const name = known.byNumber.get(number);
      if (name === undefined) missing.push(number);
      else names.set(number, name);
    }
    for (let at = 0; at < missing.length; at += NAMES_PER_LOOK) {
      await this.fetch(record, missing.slice(at, at + NAMES_PER_LOOK), names);
    }
    return names;
  }

  private async fetch(record: VenueRecord, numbers: readonly number[], into: Map<number, string>): Promise<void> {
    const found = await this.redis.hmget(record.keys.names, ...numbers.map(String));
    for (const [index, name] of found.entries()) {
      if (name === null) continue;
      into.set(numbers[index] as number, name);
      this.remember(record, numbers[index] as number, name);
    }
  }

  private remember(record: VenueRecord, number: number, name: string): void {
    if (this.count >= NAMES_MAX) {
      this.venues.clear();
      this.count = 0;
    }
    const { removals, byNumber } = this.knownOf(record);
    // A question that began before an erasure may have read the name that is erased by now.
    if (removals !== record.removals) return;
    if (!byNumber.has(number)) this.count++;
    byNumber.set(number, name);
  }

  private knownOf({ keys, removals }: VenueRecord): KnownNames {
    const known = this.venues.get(keys.prefix);
    if (known !== undefined && known.removals >= removals) return known;
    this.count -= known?.byNumber.size ?? 0;
    const anew: KnownNames = { removals, byNumber: new Map() };
    this.venues.set(keys.prefix, anew);
    return anew;
  }
}

/** The number of a device, or null where it was never seen in the venue. */
export async function deviceNumber(redis: RedisClient, keys: VenueKeys, deviceId: string): Promise<number | null> {
  const number = await redis.hget(keys.devices, deviceId);
  return number === null ? null : Number(number);
}
