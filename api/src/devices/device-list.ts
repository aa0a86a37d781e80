import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";
import type { DeviceSeen } from "@encounter/core/wire/devices";
import type { Breather } from "../breather.ts";
import { compareText } from "../contacts/contact-order.ts";

const DEVICES_PER_LOOK = 1_000;

interface NumberedDevice {
  readonly id: string;
  readonly number: string;
}

/** Which devices are asked for. */
export interface DeviceFilter {
  /** Part of the id, in whatever case; empty for all. */
  readonly text: string;
  /** Only ids after this one. */
  readonly after: string | null;
}

/** The first `count` devices by id that pass the filter, whatever the number of all; memory is bounded by `count`. */
export async function findDevices(
  redis: RedisClient,
  keys: VenueKeys,
  filter: DeviceFilter,
  count: number,
  breather: Breather,
): Promise<DeviceSeen[]> {
  const needle = filter.text.toLowerCase();
  let found = new Map<string, string>();
  let cursor = "0";
  do {
    await breather.pause();
    const [next, flat] = await redis.hscan(keys.devices, cursor, "COUNT", DEVICES_PER_LOOK);
    cursor = next;
    for (let at = 0; at + 1 < flat.length; at += 2) {
      const id = flat[at] as string;
      if (filter.after !== null && id <= filter.after) continue;
      if (id.toLowerCase().includes(needle)) found.set(id, flat[at + 1] as string);
    }
    if (found.size > 4 * count) found = new Map(first(found, count).map(({ id, number }) => [id, number]));
  } while (cursor !== "0");
  return withTimes(redis, keys, first(found, count));
}

function first(found: ReadonlyMap<string, string>, count: number): NumberedDevice[] {
  const devices = [...found].map(([id, number]) => ({ id, number }));
  return devices.sort((a, b) => compareText(a.id, b.id)).slice(0, count);
}

async function withTimes(
  redis: RedisClient,
  keys: VenueKeys,
  devices: readonly NumberedDevice[],
): Promise<DeviceSeen[]> {
  if (devices.length === 0) return [];
  const numbers = devices.map(({ number }) => number);
  const [firstFixes, lastFixes] = await Promise.all([
    redis.zmscore(keys.firstSeen, ...numbers),
    redis.zmscore(keys.lastSeen, ...numbers),
  ]);
  return devices.map(({ id }, index) => ({
    device_id: id,
    first_fix: toTime(firstFixes[index]),
    last_fix: toTime(lastFixes[index]),
  }));
}

function toTime(score: string | null | undefined): number | null {
  return score === null || score === undefined ? null : Number(score);
}
