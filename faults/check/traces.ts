import { readMinuteFixes, readMinutePairs } from "@encounter/core/service/minute-store";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { readTimeline } from "@encounter/core/storage/records";
import { appendOnlyBytes, formsOf, keysThatHold } from "../../core/test/everything-stored.ts";
import type { RedisConnection } from "../system/redis-process.ts";

const KEYS_PER_SCAN = 1_000;

/** A device that should be gone, and the number that its venue's records named it by. */
export interface Gone {
  readonly deviceId: string;
  readonly number: number;
}

/** Where one Redis still has anything of a device: its id anywhere, files included, and its number in its venue. */
export async function tracesOf(
  redis: RedisConnection,
  record: VenueRecord,
  { deviceId, number }: Gone,
): Promise<string[]> {
  const forms = formsOf(deviceId);
  const traces = await keysThatHold(redis, forms);
  for await (const names of redis.scanStream({ match: `${record.keys.prefix}*`, count: KEYS_PER_SCAN })) {
    for (const name of names as string[]) {
      if (await holdsNumber(redis, record, name, number)) traces.push(name);
    }
  }
  const files = await appendOnlyBytes(redis);
  if (forms.some((form) => files.includes(form))) traces.push("the append-only files");
  return traces;
}

async function holdsNumber(
  redis: RedisConnection,
  { keys }: VenueRecord,
  name: string,
  number: number,
): Promise<boolean> {
  const [kind, first, second] = name.slice(keys.prefix.length).split(":");
  switch (kind) {
    case "fixes":
      return (await readMinuteFixes(redis, keys, Number(first))).some(({ deviceNumber }) => deviceNumber === number);
    case "pairs":
      return (await readMinutePairs(redis, keys, Number(first))).some(
        ({ newer, older }) => newer === number || older === number,
      );
    case "timeline": {
      const list = (await redis.getBuffer(name)) ?? Buffer.alloc(0);
      return Number(first) === number || readTimeline(Number(second), list).some(({ other }) => other === number);
    }
    case "names":
      return (await redis.hexists(name, String(number))) === 1;
    case "first":
    case "last":
    case "index":
      return (await redis.zscore(name, String(number))) !== null;
    default:
      return false;
  }
}
