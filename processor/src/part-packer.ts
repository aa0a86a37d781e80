import { PackWriter } from "@encounter/core/storage/message-pack";
import { PAIR_BYTES, TIMELINE_BYTES, writePair, writeTimelineEntry } from "@encounter/core/storage/records";
import type { Newcomer } from "./pair-finder.ts";

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** When each newcomer was where it is evaluated: time and device number, as the store's script wants them. */
export function packSeen(newcomers: readonly Newcomer[]): Buffer {
  const writer = new PackWriter(8 + newcomers.length * 32);
  writer.array(newcomers.length * 2);
  for (const { deviceNumber, fixTimeMs } of newcomers) {
    writer.text(String(fixTimeMs));
    writer.text(String(deviceNumber));
  }
  const { buffer, byteOffset, byteLength } = writer.bytes();
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The pairs of some newcomers as records, in their order. */
export function packPairs(newcomers: readonly Newcomer[]): Buffer {
  const count = newcomers.reduce((sum, { start, end }) => sum + end - start, 0);
  const records = Buffer.allocUnsafe(count * PAIR_BYTES);
  const view = viewOf(records);
  let index = 0;
  eachPair(newcomers, (newer, older, gapDm, reachDm) => writePair(view, index++, { newer, older, gapDm, reachDm }));
  return records;
}

/** How many pairs of some newcomers are in proximity. */
export function countWithin(newcomers: readonly Newcomer[], proximityDm: number): number {
  let count = 0;
  eachPair(newcomers, (_newer, _older, gapDm) => {
    if (gapDm <= proximityDm) count++;
  });
  return count;
}

interface Timeline {
  count: number;
  records: Buffer;
  view: DataView;
}

/** What a minute brings to the timelines of both devices of each pair: records by device number. */
export function packTimelines(minute: number, newcomers: readonly Newcomer[]): Map<number, Buffer> {
  const lengths = new Map<number, number>();
  const count = (device: number) => lengths.set(device, (lengths.get(device) ?? 0) + 1);
  eachPair(newcomers, (newer, older) => {
    count(newer);
    count(older);
  });
  const timelines = new Map<number, Timeline>();
  for (const [device, length] of lengths) {
    const records = Buffer.allocUnsafe(length * TIMELINE_BYTES);
    timelines.set(device, { count: 0, records, view: viewOf(records) });
  }
  const add = (device: number, other: number, gapDm: number, reachDm: number) => {
    const timeline = timelines.get(device) as Timeline;
    writeTimelineEntry(timeline.view, timeline.count++, { other, minute, gapDm, reachDm });
  };
  eachPair(newcomers, (newer, older, gapDm, reachDm) => {
    add(newer, older, gapDm, reachDm);
    add(older, newer, gapDm, reachDm);
  });
  return new Map([...timelines].map(([device, { records }]) => [device, records]));
}

function eachPair(
  newcomers: readonly Newcomer[],
  visit: (newer: number, older: number, gapDm: number, reachDm: number) => void,
): void {
  for (const { deviceNumber, start, end, pairs, fixes } of newcomers) {
    for (let at = start; at < end; at++) {
      const older = fixes.deviceNumber[pairs.older[at] as number] as number;
      visit(deviceNumber, older, pairs.gapDm[at] as number, pairs.reachDm[at] as number);
    }
  }
}
