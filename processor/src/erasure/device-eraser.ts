import { minuteOf } from "@encounter/core/domain/minute";
import type { Erasure } from "@encounter/core/service/erasure-store";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import {
  BLANK_SCRIPT,
  ERASE_FIXES_SCRIPT,
  ERASE_INVITED_SCRIPT,
  ERASE_KEY_SCRIPT,
  FENCE_SCRIPT,
} from "@encounter/core/storage/erasure-scripts";
import { chunkOf, DAY_MINUTES, venueRecordKey } from "@encounter/core/storage/keys";
import {
  BLANK_PAIR,
  BLANK_TIMELINE_ENTRY,
  PAIR_BYTES,
  readFixRecord,
  readTimeline,
  TIMELINE_BYTES,
} from "@encounter/core/storage/records";

/** Minutes looked at in one go. */
const MINUTES_PER_LOOK = 256;
/** Records overwritten by one script call: it holds Redis up for some 5 ms. */
const BLANKS_PER_CALL = 2_000;
const NUMBER_BYTES = 4;

/** The venue ended while a device of it was erased: nothing is left to do. */
export class VenueEndedError extends Error {
  override readonly name = "VenueEndedError";
}

/** Which lists a device's number stands in, and how. */
interface ListKind {
  /** How many device numbers a record begins with. */
  readonly numbers: 1 | 2;
  readonly bytes: number;
  readonly blank: Uint8Array;
  readonly counter: string;
}

const PAIRS: ListKind = { numbers: 2, bytes: PAIR_BYTES, blank: BLANK_PAIR, counter: "pair_minutes" };
const TIMELINE: ListKind = { numbers: 1, bytes: TIMELINE_BYTES, blank: BLANK_TIMELINE_ENTRY, counter: "" };

/** Removes what a venue stores of one device. Every step may be done twice, and all of them from the beginning. */
export class DeviceEraser {
  private readonly redis: RedisClient;
  private readonly record: VenueRecord;
  private readonly erasureId: string;
  private readonly eraseFixesScript: RunScript;
  private readonly fenceScript: RunScript;
  private readonly blankScript: RunScript;
  private readonly eraseKeyScript: RunScript;
  private readonly eraseInvitedScript: RunScript;

  constructor(redis: RedisClient, record: VenueRecord, erasureId: string) {
    this.redis = redis;
    this.record = record;
    this.erasureId = erasureId;
    this.eraseFixesScript = defineScript(redis, "encounterEraseFixes", ERASE_FIXES_SCRIPT);
    this.fenceScript = defineScript(redis, "encounterFence", FENCE_SCRIPT);
    this.blankScript = defineScript(redis, "encounterBlank", BLANK_SCRIPT);
    this.eraseKeyScript = defineScript(redis, "encounterEraseKey", ERASE_KEY_SCRIPT);
    this.eraseInvitedScript = defineScript(redis, "encounterEraseInvited", ERASE_INVITED_SCRIPT);
  }

  /**
   * Removes all there is. The order matters: fixes first, then the fence, which refuses whatever was evaluated from them,
   * then the records, for from there on nobody adds to them. @throws VenueEndedError
   */
  async erase({ deviceId, deviceNumber, requestedMs }: Erasure): Promise<void> {
    if (deviceId !== null) await this.eraseInvitations(deviceId);
    if (deviceNumber === null) return;
    const minutes = (await this.redis.zrange(this.record.keys.minutes, "0", "-1")).map(Number);
    for (let at = 0; at < minutes.length; at += MINUTES_PER_LOOK) {
      await this.eraseFixes(deviceNumber, minutes.slice(at, at + MINUTES_PER_LOOK));
    }
    await this.raiseFence(deviceNumber);
    const oldest = minuteOf(requestedMs) - this.record.settings.retention_days * DAY_MINUTES;
    for (const chunk of chunksOf(minutes, oldest)) await this.eraseChunk(deviceNumber, chunk);
  }

  /** Takes the device out of the invites it came by. */
  async eraseInvitations(deviceId: string): Promise<void> {
    for (const codeHash of await this.redis.smembers(this.record.keys.inviteCodes)) {
      await this.run(this.eraseInvitedScript, [this.record.keys.invite(codeHash)], [deviceId]);
    }
  }

  /** Takes the device's fixes out of some minutes and of their indices. */
  async eraseFixes(device: number, minutes: readonly number[]): Promise<void> {
    const { keys } = this.record;
    const field = String(device);
    const found = await Promise.all(minutes.map((minute) => this.redis.hgetBuffer(keys.fixes(minute), field)));
    const names = found.flatMap((fix, index) => {
      if (fix === null) return [];
      const minute = minutes[index] as number;
      const { floor } = readFixRecord(minute, device, fix);
      return [keys.fixes(minute), keys.cells(minute), keys.index(minute, floor)];
    });
    if (names.length > 0) await this.run(this.eraseFixesScript, names, [device]);
  }

  /** From here on no evaluation stores anything that was made with the device's fixes. */
  async raiseFence(device: number): Promise<void> {
    const { venueId, incarnation, keys } = this.record;
    const raised = await this.fenceScript(
      [venueRecordKey(venueId), keys.firstSeen, keys.lastSeen],
      [incarnation, device],
    );
    if (raised !== 1) throw new VenueEndedError();
  }

  /**
   * Blanks the device's records of four hours: its own timeline says in which minutes and beside whom they stand. It
   * goes last, so that whoever begins anew finds them.
   */
  async eraseChunk(device: number, chunk: number): Promise<void> {
    const { keys } = this.record;
    const own = await this.redis.getBuffer(keys.timeline(device, chunk));
    if (own === null) return;
    const entries = readTimeline(chunk, own).filter(({ other }) => other !== 0);
    for (const minute of new Set(entries.map((entry) => entry.minute))) {
      await this.blank(device, keys.pairs(minute), PAIRS);
    }
    for (const other of new Set(entries.map((entry) => entry.other))) {
      await this.blank(device, keys.timeline(other, chunk), TIMELINE);
    }
    await this.run(this.eraseKeyScript, [keys.timeline(device, chunk)], ["timelines"]);
  }

  private async blank(device: number, list: string, kind: ListKind): Promise<void> {
    const bytes = await this.redis.getBuffer(list);
    if (bytes === null) return;
    const offsets = offsetsOf(bytes, device, kind);
    const number = Buffer.alloc(NUMBER_BYTES);
    number.writeUInt32LE(device);
    for (let at = 0; at < offsets.length; at += BLANKS_PER_CALL) {
      const packed = packOffsets(offsets.slice(at, at + BLANKS_PER_CALL));
      await this.run(this.blankScript, [list], [number, kind.numbers, Buffer.from(kind.blank), packed, kind.counter]);
    }
  }

  private async run(script: RunScript, keys: readonly string[], args: readonly (string | number | Buffer)[]) {
    const { venueId, incarnation, keys: names } = this.record;
    const done = await script(
      [venueRecordKey(venueId), names.erasure(this.erasureId), ...keys],
      [incarnation, ...args],
    );
    if (done !== 1) throw new VenueEndedError();
  }
}

/** Chunks of these minutes, and those about the oldest that is kept: a chunk outlives its minutes by up to four hours. */
function chunksOf(minutes: readonly number[], oldestMinute: number): Set<number> {
  return new Set([chunkOf(oldestMinute) - 1, chunkOf(oldestMinute), ...minutes.map(chunkOf)]);
}

/** Where the device's records begin in a list. */
function offsetsOf(bytes: Buffer, device: number, { numbers, bytes: size }: ListKind): number[] {
  const offsets: number[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const isFirst = bytes.readUInt32LE(at) === device;
    if (isFirst || (numbers === 2 && bytes.readUInt32LE(at + NUMBER_BYTES) === device)) offsets.push(at);
  }
  return offsets;
}

function packOffsets(offsets: readonly number[]): Buffer {
  const packed = Buffer.alloc(offsets.length * NUMBER_BYTES);
  for (const [index, offset] of offsets.entries()) packed.writeUInt32LE(offset, index * NUMBER_BYTES);
  return packed;
}
