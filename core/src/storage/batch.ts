import type { Fix } from "../domain/fix.ts";
import { minuteOf, minuteStartMs } from "../domain/minute.ts";
import { cellName, geoScore } from "./geo-index.ts";
import { PackReader, PackWriter } from "./message-pack.ts";
import { FIX_BODY_BYTES, readFixBody, writeFixBody } from "./records.ts";

/**
 * A batch: the fixes of one venue that one script call stores, MessagePack, because Redis unpacks that in C:
 *
 *   [[minute, largest radius, [cell, [device id...], [fix body...], [geo score...]]...]...]
 *
 * A device stands once in a minute of a batch. The same bytes go on the venue's stream for the live map, and beside
 * them, in the same form, the fixes that were left out because their device had one in that minute of the batch.
 */

/** Fixes of one cell of a minute, in the order of arrival, each with its tag. */
interface CellGroup<Tag> {
  readonly cell: string;
  readonly floor: number;
  readonly fixes: Fix[];
  readonly tags: Tag[];
}

/** Fixes of one minute, by cell. */
interface MinuteGroup<Tag> {
  readonly minute: number;
  radiusM: number;
  readonly devices: Set<string>;
  readonly cells: Map<string, CellGroup<Tag>>;
}

/** Gathers fixes into a batch; `Tag` is whatever the caller wants back for each. */
export class BatchBuilder<Tag = undefined> {
  private readonly minutes = new Map<number, MinuteGroup<Tag>>();
  /** How many fixes the batch holds. */
  count = 0;

  /** Adds a fix, unless its device has one in that minute of this batch already: then it returns false. */
  add(fix: Fix, tag: Tag): boolean {
    const minute = this.minuteFor(minuteOf(fix.fixTimeMs));
    if (minute.devices.has(fix.deviceId)) return false;
    minute.devices.add(fix.deviceId);
    minute.radiusM = Math.max(minute.radiusM, fix.accuracyM);
    const name = cellName(fix.longitude, fix.latitude, fix.floor);
    let group = minute.cells.get(name);
    if (group === undefined) {
      group = { cell: name, floor: fix.floor, fixes: [], tags: [] };
      minute.cells.set(name, group);
    }
    group.fixes.push(fix);
    group.tags.push(tag);
    this.count++;
    return true;
  }

  private minuteFor(minute: number): MinuteGroup<Tag> {
    let group = this.minutes.get(minute);
    if (group === undefined) {
      group = { minute, radiusM: 0, devices: new Set(), cells: new Map() };
      this.minutes.set(minute, group);
    }
    return group;
  }

  /** The batch's minutes and, for each of their cells, its floor: what the script's keys are named after. */
  layout(): { minute: number; floors: number[] }[] {
    return [...this.minutes.values()].map(({ minute, cells }) => ({
      minute,
      floors: [...cells.values()].map((group) => group.floor),
    }));
  }

  /** The tags of the batch's fixes in the order in which the script answers for them. */
  tags(): Tag[] {
    const tags: Tag[] = [];
    for (const { cells } of this.minutes.values()) {
      for (const group of cells.values()) for (const tag of group.tags) tags.push(tag);
    }
    return tags;
  }

  /** The newest minute of the batch. */
  newestMinute(): number {
    return Math.max(...this.minutes.keys());
  }

  /** The batch as bytes. */
  encode(): Uint8Array {
    const writer = new PackWriter(64 + this.count * 96);
    writer.array(this.minutes.size);
    for (const { minute, radiusM, cells } of this.minutes.values()) {
      writer.array(2 + cells.size);
      writer.double(minute);
      writer.double(radiusM);
      for (const { cell, fixes } of cells.values()) {
        writer.array(4);
        writer.text(cell);
        writer.array(fixes.length);
        for (const fix of fixes) writer.text(fix.deviceId);
        writer.array(fixes.length);
        for (const fix of fixes) writeBody(writer, fix.fixTimeMs - minuteStartMs(minute), fix);
        writer.array(fixes.length);
        for (const fix of fixes) writer.text(String(geoScore(fix.longitude, fix.latitude)));
      }
    }
    return writer.bytes();
  }
}

function writeBody(writer: PackWriter, msIntoMinute: number, fix: Fix): void {
  writer.record(FIX_BODY_BYTES, (view, at) => writeFixBody(view, at, msIntoMinute, fix));
}

/** A batch read back, its fixes in the order of the script's answer. */
export function decodeBatch(bytes: Uint8Array): Fix[] {
  const reader = new PackReader(bytes);
  const fixes: Fix[] = [];
  for (let minutes = reader.array(); minutes > 0; minutes--) {
    const cells = reader.array() - 2;
    const startMs = minuteStartMs(reader.double());
    reader.double();
    for (let cell = 0; cell < cells; cell++) readCell(reader, startMs, fixes);
  }
  return fixes;
}

function readCell(reader: PackReader, startMs: number, fixes: Fix[]): void {
  reader.array();
  reader.text();
  const deviceIds = Array.from({ length: reader.array() }, () => reader.text());
  reader.array();
  for (const deviceId of deviceIds) {
    const { msIntoMinute, longitude, latitude, floor, accuracyM } = reader.record(FIX_BODY_BYTES, readFixBody);
    fixes.push({ deviceId, fixTimeMs: startMs + msIntoMinute, longitude, latitude, floor, accuracyM });
  }
  for (let scores = reader.array(); scores > 0; scores--) reader.text();
}
