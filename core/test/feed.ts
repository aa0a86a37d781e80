import type { Fix } from "../src/domain/fix.ts";
import type { RedisClient } from "../src/service/redis.ts";
import { defineScript } from "../src/service/script.ts";
import type { VenueRecord } from "../src/service/venue-store.ts";
import { ACCEPT_SCRIPT, acceptKeys } from "../src/storage/accept-script.ts";
import { BatchBuilder } from "../src/storage/batch.ts";
import { venueRecordKey } from "../src/storage/keys.ts";

/**
 * Stores fixes as ingest does, in batches of `size`.
 * @returns for each fix whether it was accepted; the others were repeated
 */
export async function feed(
  redis: RedisClient,
  record: VenueRecord,
  fixes: readonly Fix[],
  size = 1_000,
): Promise<boolean[]> {
  const run = defineScript(redis, "testAccept", ACCEPT_SCRIPT);
  const accepted = fixes.map(() => false);
  for (let at = 0; at < fixes.length; at += size) {
    const batch = new BatchBuilder<number>();
    for (const [i, fix] of fixes.slice(at, at + size).entries()) batch.add(fix, at + i);
    const keys = acceptKeys(venueRecordKey(record.venueId), record.keys, batch.layout());
    const retentionS = record.settings.retention_days * 86_400;
    const answer = await run(keys, [record.version, Buffer.from(batch.encode()), retentionS, "", 0]);
    if (typeof answer !== "string") throw new Error("the venue changed while it was fed");
    batch.tags().forEach((index, i) => {
      accepted[index] = answer[i] === "1";
    });
  }
  return accepted;
}
