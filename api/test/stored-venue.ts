import { type Fix, toColumns } from "@encounter/core/domain/fix";
import { joinWithin } from "@encounter/core/domain/proximity";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import { loadVenue, VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { ACCEPT_SCRIPT, acceptKeys } from "@encounter/core/storage/accept-script";
import { BatchBuilder } from "@encounter/core/storage/batch";
import { venueRecordKey } from "@encounter/core/storage/keys";
import { PAIR_BYTES, type StoredFix, writePair } from "@encounter/core/storage/records";
import { STORE_SCRIPT, storeKeys } from "@encounter/core/storage/store-script";
import type { VenueChange } from "@encounter/core/wire/venue";

/** A venue that fixes come to and whose minutes are evaluated, by the scripts that the other services run. */
export class StoredVenue {
  record: VenueRecord;
  readonly editor: VenueEditor;
  private readonly redis: RedisClient;
  private readonly runAccept: RunScript;
  private readonly runStore: RunScript;

  private constructor(redis: RedisClient, editor: VenueEditor, record: VenueRecord) {
    this.redis = redis;
    this.editor = editor;
    this.record = record;
    this.runAccept = defineScript(redis, "testAccept", ACCEPT_SCRIPT);
    this.runStore = defineScript(redis, "testStore", STORE_SCRIPT);
  }

  static async create(redis: RedisClient, venueId: string, settings: VenueChange = {}): Promise<StoredVenue> {
    const editor = new VenueEditor(redis);
    const saved = await editor.save(venueId, settings);
    if (!("record" in saved)) throw new Error(JSON.stringify(saved));
    return new StoredVenue(redis, editor, saved.record);
  }

  async change(settings: VenueChange): Promise<void> {
    await this.editor.save(this.record.venueId, settings);
    this.record = (await loadVenue(this.redis, this.record.venueId)) as VenueRecord;
  }

  /** Stores a batch; returns "1" or "0" for each fix. Fixes of one device and minute: all but the first are left out. */
  async put(fixes: readonly Fix[]): Promise<string> {
    const { record } = this;
    const batch = new BatchBuilder();
    const repeats = new BatchBuilder();
    const leftOut = fixes.filter((fix) => !batch.add(fix, undefined));
    for (const fix of leftOut.toReversed()) repeats.add(fix, undefined);
    const keys = acceptKeys(venueRecordKey(record.venueId), record.keys, batch.layout());
    const answer = await this.runAccept(keys, [
      record.version,
      Buffer.from(batch.encode()),
      record.settings.retention_days * 86_400,
      leftOut.length === 0 ? "" : Buffer.from(repeats.encode()),
      leftOut.length,
    ]);
    if (typeof answer !== "string") throw new Error(`not stored: ${answer}`);
    return answer;
  }

  /** Evaluates what is not evaluated of a minute, or its first fixes up to an ordinal. */
  async evaluate(minute: number, upTo = Number.POSITIVE_INFINITY): Promise<void> {
    const { record } = this;
    const from = Number((await this.redis.hget(record.keys.minute(minute), "e")) ?? 0);
    const fixes = (await readMinuteFixes(this.redis, record.keys, minute)).filter((fix) => fix.ordinal < upTo);
    const asks = Uint8Array.from(fixes, (fix) => (fix.ordinal >= from ? 1 : 0));
    const pairs = joinWithin(toColumns(fixes), record.settings.cap, asks);
    const records = Buffer.alloc(pairs.count * PAIR_BYTES);
    for (let at = 0; at < pairs.count; at++) {
      writePair(new DataView(records.buffer, records.byteOffset), at, {
        newer: (fixes[pairs.newer[at] as number] as StoredFix).deviceNumber,
        older: (fixes[pairs.older[at] as number] as StoredFix).deviceNumber,
        gapDm: pairs.gapDm[at] as number,
        reachDm: pairs.reachDm[at] as number,
      });
    }
    const seen = fixes.filter((fix) => fix.ordinal >= from).flatMap((fix) => [fix.fixTimeMs, fix.deviceNumber]);
    await this.runStore(storeKeys(venueRecordKey(record.venueId), record.keys, minute), [
      record.incarnation,
      minute,
      from,
      fixes.length,
      record.settings.retention_days * 86_400,
      records,
      packNumbers(seen),
      pairs.gapDm.subarray(0, pairs.count).filter((gapDm) => gapDm <= record.settings.proximity * 10).length,
      record.erasures,
    ]);
  }
}

/** Numbers as a MessagePack array of doubles. */
function packNumbers(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(5 + 9 * numbers.length);
  bytes.writeUInt8(0xdd, 0);
  bytes.writeUInt32BE(numbers.length, 1);
  numbers.forEach((number, index) => {
    bytes.writeUInt8(0xcb, 5 + 9 * index);
    bytes.writeDoubleBE(number, 6 + 9 * index);
  });
  return bytes;
}
