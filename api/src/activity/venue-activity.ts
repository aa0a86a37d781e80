import type { RedisClient } from "@encounter/core/service/redis";
import { dayOf, type VenueKeys } from "@encounter/core/storage/keys";
import { type MinuteActivity, readActivity } from "@encounter/core/storage/records";
import type { Breather } from "../breather.ts";

/** Days asked for in one go; each is 11.5 kB. */
const DAYS_PER_READ = 64;

/** The activity of the minutes `[from, end)`, ascending; a day that does not come had none. */
export async function* readVenueActivity(
  redis: RedisClient,
  keys: VenueKeys,
  breather: Breather,
  from: number,
  end: number,
): AsyncGenerator<readonly MinuteActivity[]> {
  for (let day = dayOf(from); day <= dayOf(end - 1); day += DAYS_PER_READ) {
    const length = Math.min(DAYS_PER_READ, dayOf(end - 1) - day + 1);
    const days = Array.from({ length }, (_, index) => day + index);
    const records = await Promise.all(days.map((each) => redis.getBuffer(keys.activity(each))));
    for (const [index, record] of records.entries()) {
      if (record === null) continue;
      await breather.pause();
      yield readActivity(day + index, record).filter(({ minute }) => minute >= from && minute < end);
    }
  }
}

/** The first minute from one on that has fixes, or null. */
export async function firstMinuteFrom(redis: RedisClient, keys: VenueKeys, minute: number): Promise<number | null> {
  const [first] = await redis.zrange(keys.minutes, minute, "+inf", "BYSCORE", "LIMIT", 0, 1);
  return first === undefined ? null : Number(first);
}
