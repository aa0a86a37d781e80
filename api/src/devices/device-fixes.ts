import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";
import { readFixRecord, type StoredFix } from "@encounter/core/storage/records";
import type { Breather } from "../breather.ts";

const MINUTES_PER_BATCH = 256;

/** A device's fixes in the minutes from `firstMinute` up to `endMinute`, ascending, as far as there are any. */
export async function* readDeviceFixes(
  redis: RedisClient,
  keys: VenueKeys,
  device: number,
  { firstMinute, endMinute }: { readonly firstMinute: number; readonly endMinute: number },
  breather: Breather,
): AsyncGenerator<{ minute: number; fix: StoredFix }> {
  const last = `(${endMinute}`;
  for (let next = firstMinute; ; ) {
    await breather.pause();
    const found = await redis.zrange(keys.minutes, next, last, "BYSCORE", "LIMIT", 0, MINUTES_PER_BATCH);
    const minutes = found.map(Number);
    const records = await Promise.all(minutes.map((minute) => redis.hgetBuffer(keys.fixes(minute), String(device))));
    for (const [index, record] of records.entries()) {
      const minute = minutes[index] as number;
      if (record !== null) yield { minute, fix: readFixRecord(minute, device, record) };
    }
    if (minutes.length < MINUTES_PER_BATCH) return;
    next = (minutes.at(-1) as number) + 1;
  }
}
