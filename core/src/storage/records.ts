import type { FixColumns, Position } from "../domain/fix.ts";
import { minuteStartMs } from "../domain/minute.ts";
import { CHUNK_MINUTES, DAY_MINUTES } from "./keys.ts";

/**
 * Binary records, little-endian.
 *
 * fix body   28 bytes: ms into the minute u16, floor i16, longitude f64, latitude f64, accuracy f64
 * fix record 32 bytes: ordinal u32 (how many fixes the minute had before it), then the body
 * pair       12 bytes: newer device u32, older device u32, gap i16, reach u16 (decimetres, rounded up)
 * timeline    9 bytes: other device u32, minute's offset in its chunk u8, gap i16, reach u16
 * activity    8 bytes for each minute of a day: fixes u32, pairs u32, both big-endian, as Redis counts in strings; the
 *             record ends with the last minute that had any
 */
export const FIX_BODY_BYTES = 28;
export const FIX_RECORD_BYTES = 32;
export const PAIR_BYTES = 12;
export const TIMELINE_BYTES = 9;
export const ACTIVITY_BYTES = 8;

/**
 * What stands where an erased device's record stood: no device has the number 0, and no measure is as wide as its gap.
 * Records after it keep their place, for lists are read by increments.
 */
export const BLANK_PAIR = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x7f, 0xff, 0xff);
export const BLANK_TIMELINE_ENTRY = Uint8Array.of(0, 0, 0, 0, 0, 0xff, 0x7f, 0xff, 0xff);

/** A stored fix of a minute. */
export interface StoredFix extends Position {
  readonly deviceNumber: number;
  readonly ordinal: number;
  readonly fixTimeMs: number;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes a fix's body at an offset. */
export function writeFixBody(view: DataView, at: number, msIntoMinute: number, position: Position): void {
  view.setUint16(at, msIntoMinute, true);
  view.setInt16(at + 2, position.floor, true);
  view.setFloat64(at + 4, position.longitude, true);
  view.setFloat64(at + 12, position.latitude, true);
  view.setFloat64(at + 20, position.accuracyM, true);
}

/** Reads a fix's body at an offset. */
export function readFixBody(view: DataView, at: number): Position & { msIntoMinute: number } {
  return {
    msIntoMinute: view.getUint16(at, true),
    floor: view.getInt16(at + 2, true),
    longitude: view.getFloat64(at + 4, true),
    latitude: view.getFloat64(at + 12, true),
    accuracyM: view.getFloat64(at + 20, true),
  };
}

/** Reads a fix record of a minute. */
export function readFixRecord(minute: number, deviceNumber: number, record: Uint8Array): StoredFix {
  const view = viewOf(record);
  const { msIntoMinute, floor, longitude, latitude, accuracyM } = readFixBody(view, 4);
  const fixTimeMs = minuteStartMs(minute) + msIntoMinute;
  return { deviceNumber, ordinal: view.getUint32(0, true), fixTimeMs, longitude, latitude, floor, accuracyM };
}

/** Fixes of one minute as columns, in the order of their acceptance. */
export interface StoredFixColumns extends FixColumns {
  readonly deviceNumber: Uint32Array;
  readonly ordinal: Uint32Array;
  readonly fixTimeMs: Float64Array;
}

/**
 * Reads fix records laid end to end, in any order, of one minute. Those that were accepted as number `before` or later
 * are left out.
 * @param deviceNumbers whose record each is
 */
export function readFixColumns(
  minute: number,
  deviceNumbers: Uint32Array,
  records: Uint8Array,
  before: number,
): StoredFixColumns {
  const view = viewOf(records);
  const rows = rowsByOrdinal(view, deviceNumbers.length, before);
  const columns = emptyColumns(rows.length);
  const startMs = minuteStartMs(minute);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const at = row * FIX_RECORD_BYTES;
    columns.deviceNumber[i] = deviceNumbers[row] as number;
    columns.ordinal[i] = view.getUint32(at, true);
    columns.fixTimeMs[i] = startMs + view.getUint16(at + 4, true);
    columns.floor[i] = view.getInt16(at + 6, true);
    columns.longitude[i] = view.getFloat64(at + 8, true);
    columns.latitude[i] = view.getFloat64(at + 16, true);
    columns.accuracyM[i] = view.getFloat64(at + 24, true);
  }
  return columns;
}

/** Which record holds the lowest ordinal, the next, and so on; ordinals of a minute are unique and dense. */
function rowsByOrdinal(records: DataView, count: number, before: number): Int32Array {
  const rowOf = new Int32Array(before).fill(-1);
  for (let row = 0; row < count; row++) {
    const ordinal = records.getUint32(row * FIX_RECORD_BYTES, true);
    if (ordinal < before) rowOf[ordinal] = row;
  }
  return rowOf.filter((row) => row >= 0);
}

function emptyColumns(count: number): StoredFixColumns {
  return {
    count,
    deviceNumber: new Uint32Array(count),
    ordinal: new Uint32Array(count),
    fixTimeMs: new Float64Array(count),
    longitude: new Float64Array(count),
    latitude: new Float64Array(count),
    accuracyM: new Float64Array(count),
    floor: new Int16Array(count),
  };
}

/** A pair of devices in proximity in some minute. Gap (signed) and reach in decimetres, rounded up. */
export interface StoredPair {
  readonly newer: number;
  readonly older: number;
  readonly gapDm: number;
  readonly reachDm: number;
}

/** Writes pair `index` of a list. */
export function writePair(view: DataView, index: number, pair: StoredPair): void {
  const at = index * PAIR_BYTES;
  view.setUint32(at, pair.newer, true);
  view.setUint32(at + 4, pair.older, true);
  view.setInt16(at + 8, pair.gapDm, true);
  view.setUint16(at + 10, pair.reachDm, true);
}

/** Reads a minute's pair list. */
export function readPairs(list: Uint8Array): StoredPair[] {
  const view = viewOf(list);
  const pairs: StoredPair[] = [];
  for (let at = 0; at + PAIR_BYTES <= list.byteLength; at += PAIR_BYTES) {
    pairs.push({
      newer: view.getUint32(at, true),
      older: view.getUint32(at + 4, true),
      gapDm: view.getInt16(at + 8, true),
      reachDm: view.getUint16(at + 10, true),
    });
  }
  return pairs;
}

/** One minute that a device spent near another, as its timeline keeps it. */
export interface TimelineEntry {
  readonly other: number;
  readonly minute: number;
  readonly gapDm: number;
  readonly reachDm: number;
}

/** Writes timeline record `index` of a list. */
export function writeTimelineEntry(view: DataView, index: number, entry: TimelineEntry): void {
  const at = index * TIMELINE_BYTES;
  view.setUint32(at, entry.other, true);
  view.setUint8(at + 4, entry.minute % CHUNK_MINUTES);
  view.setInt16(at + 5, entry.gapDm, true);
  view.setUint16(at + 7, entry.reachDm, true);
}

/** Reads a chunk of a device's timeline. */
export function readTimeline(chunk: number, list: Uint8Array): TimelineEntry[] {
  const view = viewOf(list);
  const entries: TimelineEntry[] = [];
  for (let at = 0; at + TIMELINE_BYTES <= list.byteLength; at += TIMELINE_BYTES) {
    entries.push({
      other: view.getUint32(at, true),
      minute: chunk * CHUNK_MINUTES + view.getUint8(at + 4),
      gapDm: view.getInt16(at + 5, true),
      reachDm: view.getUint16(at + 7, true),
    });
  }
  return entries;
}

/** What one minute had: evaluated fixes, and pairs within the proximity that was the venue's default then. */
export interface MinuteActivity {
  readonly minute: number;
  readonly fixes: number;
  readonly pairs: number;
}

/** Reads a day's activity: the minutes up to the last that had any. */
export function readActivity(day: number, record: Uint8Array): MinuteActivity[] {
  const view = viewOf(record);
  const minutes: MinuteActivity[] = [];
  for (let at = 0; at + ACTIVITY_BYTES <= record.byteLength; at += ACTIVITY_BYTES) {
    const minute = day * DAY_MINUTES + at / ACTIVITY_BYTES;
    minutes.push({ minute, fixes: view.getUint32(at), pairs: view.getUint32(at + 4) });
  }
  return minutes;
}
