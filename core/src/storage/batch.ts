import type { Fix } from "../domain/fix.ts";
import { minuteOf, minuteStartMs } from "../domain/minute.ts";
import { cellName, geoScore } from "./geo-index.ts";
import { PackReader, PackWriter } from "./message-pack.ts";
import { FIX_BODY_BYTES, readFixBody, writeFixBody } from "./records.ts";

/**
 * A batch: the fixes of one venue that one script call stores, MessagePack, because Redis unpacks that in C:
 *
 *   [[minute, largest radius, [device id...], [fix body...], [geo score...], [[cell, fixes in it, cell...]...]]...]
 *
 * Fixes of a minute stand floor by floor and, within a floor, cell by cell; the last member tells how many, a list for
 * each floor. A device stands once in a minute of a batch. The same bytes go on the venue's stream for the live map,
 * and beside them, in the same form, the fixes that were left out because their device had one in that minute of the
 * batch.
 */

/** A fix and what the batch's maker wants back for it. */
interface Tagged<Tag> {
  readonly fix: Fix;
  readonly tag: Tag;
}

/** Fixes of one floor in a minute by cell, in the order of arrival. */
type FloorGroup<Tag> = Map<string, Tagged<Tag>[]>;

/** Fixes of one minute, by floor. */
interface MinuteGroup<Tag> {
  readonly minute: number;
  radiusM: number;
  readonly devices: Set<string>;
  readonly floors: Map<number, FloorGroup<Tag>>;
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
    cellFor(minute, fix).push({ fix, tag });
    this.count++;
    return true;
  }

  private minuteFor(minute: number): MinuteGroup<Tag> {
    let group = this.minutes.get(minute);
    if (group === undefined) {
      group = { minute, radiusM: 0, devices: new Set(), floors: new Map() };
      this.minutes.set(minute, group);
    }
    return group;
  }

  /** The batch's minutes and the floors of each: what the script's keys are named after. */
  layout(): { minute: number; floors: number[] }[] {
    return [...this.minutes.values()].map(({ minute, floors }) => ({ minute, floors: [...floors.keys()] }));
  }

  /** The tags of the batch's fixes in the order in which the script answers for them. */
  tags(): Tag[] {
    return [...this.minutes.values()].flatMap((minute) => fixesOf(minute).map(({ tag }) => tag));
  }

  /** The newest minute of the batch. */
  newestMinute(): number {
    return Math.max(...this.minutes.keys());
  }

  /** The batch as bytes. */
  encode(): Uint8Array {
    const writer = new PackWriter(64 + this.count * 96);
    writer.array(this.minutes.size);
    for (const minute of this.minutes.values()) writeMinute(writer, minute);
    return writer.bytes();
  }
}

function cellFor<Tag>({ floors }: MinuteGroup<Tag>, { longitude, latitude, floor }: Fix): Tagged<Tag>[] {
  let group = floors.get(floor);
  if (group === undefined) {
    group = new Map();
    floors.set(floor, group);
  }
  const name = cellName(longitude, latitude, floor);
  let cell = group.get(name);
  if (cell === undefined) {
    cell = [];
    group.set(name, cell);
  }
  return cell;
}

function fixesOf<Tag>({ floors }: MinuteGroup<Tag>): Tagged<Tag>[] {
  return [...floors.values()].flatMap((cells) => [...cells.values()].flat());
}

function writeMinute(writer: PackWriter, group: MinuteGroup<unknown>): void {
  const fixes = fixesOf(group);
  const startMs = minuteStartMs(group.minute);
  writer.array(6);
  writer.double(group.minute);
  writer.double(group.radiusM);
  writer.array(fixes.length);
  for (const { fix } of fixes) writer.text(fix.deviceId);
  writer.array(fixes.length);
  for (const { fix } of fixes) {
    writer.record(FIX_BODY_BYTES, (view, at) => writeFixBody(view, at, fix.fixTimeMs - startMs, fix));
  }
  writer.array(fixes.length);
  for (const { fix } of fixes) writer.text(String(geoScore(fix.longitude, fix.latitude)));
  writer.array(group.floors.size);
  for (const cells of group.floors.values()) {
    writer.array(cells.size * 2);
    for (const [name, members] of cells) {
      writer.text(name);
      writer.double(members.length);
    }
  }
}

/** A batch read back, its fixes in the order of the script's answer. */
export function decodeBatch(bytes: Uint8Array): Fix[] {
  const reader = new PackReader(bytes);
  const fixes: Fix[] = [];
  for (let minutes = reader.array(); minutes > 0; minutes--) readMinute(reader, fixes);
  return fixes;
}

function readMinute(reader: PackReader, fixes: Fix[]): void {
  reader.array();
  const startMs = minuteStartMs(reader.double());
  reader.double();
  const deviceIds = Array.from({ length: reader.array() }, () => reader.text());
  reader.array();
  for (const deviceId of deviceIds) {
    const { msIntoMinute, longitude, latitude, floor, accuracyM } = reader.record(FIX_BODY_BYTES, readFixBody);
    fixes.push({ deviceId, fixTimeMs: startMs + msIntoMinute, longitude, latitude, floor, accuracyM });
  }
  for (let scores = reader.array(); scores > 0; scores--) reader.text();
  for (let floors = reader.array(); floors > 0; floors--) {
    for (let cells = reader.array() / 2; cells > 0; cells--) {
      reader.text();
      reader.double();
    }
  }
}
