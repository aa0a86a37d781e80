import { minuteStartMs } from "@encounter/core/domain/minute";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { PAIR_BYTES, type StoredFix } from "@encounter/core/storage/records";
import { encodeLiveFrame, type LiveLines, type MapAnchor } from "@encounter/core/wire/live";
import type { NameDevice } from "../access/aliases.ts";
import type { Breather } from "../breather.ts";
import type { DeviceNames } from "../contacts/device-names.ts";
import type { Nearness } from "../contacts/run-tracker.ts";
import type { Gate } from "../http/gate.ts";
import { DeviceColumns } from "../live/device-columns.ts";
import { LineColumns } from "../live/line-columns.ts";
import { PairTable } from "../live/pair-table.ts";
import { runMinutesMax } from "../live/run-bound.ts";
import { eachPair } from "../live/tracked-minute.ts";
import { RunTables } from "./run-tables.ts";

const PAIRS_PER_TURN = 4_096;
const FIXES_PER_TURN = 1_024;

/** Which minute of a venue is to be shown, and by what measure its runs count. */
export interface FrameQuestion {
  readonly record: VenueRecord;
  readonly minute: number;
  readonly nearness: Nearness;
  readonly anchor: MapAnchor;
  readonly nameDevice: NameDevice;
  /** First minute that is not past the venue's retention. */
  readonly oldestMinute: number;
}

/** Past minutes as frames of the live feed. */
export class MinuteFrames {
  private readonly redis: RedisClient;
  private readonly names: DeviceNames;
  private readonly gate: Gate;
  private readonly runs: RunTables;

  /** @param gate how many frames are made at once, and with it the memory of all */
  constructor(redis: RedisClient, names: DeviceNames, gate: Gate) {
    this.gate = gate;
    this.redis = redis;
    this.names = names;
    this.runs = new RunTables(redis);
  }

  /**
   * A snapshot of a minute as of its end: its fixes, and its pairs out to the cap with their runs so far.
   * @throws ApiError `busy` where too many wait
   */
  frame(question: FrameQuestion, breather: Breather): Promise<Uint8Array> {
    return this.gate.run(() => this.make(question, breather));
  }

  private async make(question: FrameQuestion, breather: Breather): Promise<Uint8Array> {
    await breather.pause();
    const { minute, nearness, anchor, record, oldestMinute } = question;
    const isKept = minute >= oldestMinute;
    // Before the fixes, so that no pair is read whose devices are not.
    const list = (isKept ? await this.redis.getBuffer(record.keys.pairs(minute)) : null) ?? Buffer.alloc(0);
    const [starts, fixes] = await Promise.all([
      this.startsOf(question, list),
      isKept ? readMinuteFixes(this.redis, record.keys, minute) : [],
    ]);
    const columns = new DeviceColumns(anchor);
    const indices = await this.fill(columns, record, fixes, breather);
    const lines = await linesOf(question, list, starts, indices, breather);
    const timeMs = minuteStartMs(minute + 1);
    const { proximityDm, certainOnly } = nearness;
    return encodeLiveFrame({
      snapshot: true,
      timeMs,
      minute,
      proximityDm,
      certain: certainOnly,
      firstName: 0,
      names: columns.names.map(question.nameDevice),
      fixes: columns.all(timeMs),
      lines,
    });
  }

  private async startsOf({ record, minute, nearness }: FrameQuestion, list: Buffer): Promise<PairTable> {
    if (list.length === 0) return new PairTable();
    return this.runs.of({ keys: record.keys, minute, nearness, minutesMax: runMinutesMax(record.settings) }, list);
  }

  /** Puts fixes into columns; returns which index each device number has there. */
  private async fill(
    columns: DeviceColumns,
    record: VenueRecord,
    fixes: readonly StoredFix[],
    breather: Breather,
  ): Promise<Map<number, number>> {
    const ids = await this.names.resolve(record, new Set(fixes.map(({ deviceNumber }) => deviceNumber)));
    const indices = new Map<number, number>();
    for (const [at, fix] of fixes.entries()) {
      if (at % FIXES_PER_TURN === 0) await breather.pause();
      const deviceId = ids.get(fix.deviceNumber);
      if (deviceId === undefined) continue;
      columns.put({ ...fix, deviceId });
      indices.set(fix.deviceNumber, columns.indexOf(deviceId));
    }
    return indices;
  }
}

async function linesOf(
  { minute, oldestMinute }: FrameQuestion,
  list: Buffer,
  starts: PairTable,
  indices: ReadonlyMap<number, number>,
  breather: Breather,
): Promise<LiveLines> {
  const lines = new LineColumns();
  for (let at = 0; at < list.length; at += PAIRS_PER_TURN * PAIR_BYTES) {
    await breather.pause();
    eachPair(list.subarray(at, at + PAIRS_PER_TURN * PAIR_BYTES), (one, other, gapDm, reachDm) => {
      const [a, b] = [indices.get(one), indices.get(other)];
      if (a === undefined || b === undefined) return;
      const slot = starts.find(one, other);
      // Minutes before the retention count no more, though a table may remember them.
      const start = slot < 0 ? minute + 1 : Math.max(oldestMinute, starts.startMinute[slot] as number);
      lines.add(a, b, minute - start + 1, gapDm, reachDm);
    });
  }
  return lines.finish();
}
