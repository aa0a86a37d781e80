import { nearness } from "@encounter/core/domain/proximity";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";
import { readFixRecord, type StoredFix } from "@encounter/core/storage/records";
import type { Closest, FixShown, PathMinute } from "@encounter/core/wire/contacts";
import type { Breather } from "../breather.ts";

/** Minutes whose fixes are asked for in one go. */
const MINUTES_PER_BATCH = 256;

/** Two devices in one minute, as exact as their fixes. */
export interface PathPoint {
  readonly minute: number;
  readonly self: StoredFix;
  readonly other: StoredFix;
  /** Metres, rounded to 1 µm; the gap is signed. */
  readonly distanceM: number;
  readonly gapM: number;
  readonly reachM: number;
}

/** Whose way together is read, by their numbers, and over which minutes. */
export interface PathSpan {
  readonly self: number;
  readonly other: number;
  readonly startMinute: number;
  /** Exclusive. */
  readonly endMinute: number;
}

/** The minutes of a span in which both devices have a fix, ascending. */
export async function* readPath(
  redis: RedisClient,
  keys: VenueKeys,
  breather: Breather,
  span: PathSpan,
): AsyncGenerator<PathPoint> {
  for (let at = span.startMinute; at < span.endMinute; at += MINUTES_PER_BATCH) {
    await breather.pause();
    const length = Math.min(MINUTES_PER_BATCH, span.endMinute - at);
    const minutes = Array.from({ length }, (_, index) => at + index);
    const both = [String(span.self), String(span.other)];
    const records = await Promise.all(minutes.map((minute) => redis.hmgetBuffer(keys.fixes(minute), ...both)));
    for (const [index, [self, other]] of records.entries()) {
      if (self && other) yield toPoint(at + index, span, self, other);
    }
  }
}

function toPoint(minute: number, span: PathSpan, selfRecord: Buffer, otherRecord: Buffer): PathPoint {
  const self = readFixRecord(minute, span.self, selfRecord);
  const other = readFixRecord(minute, span.other, otherRecord);
  const { distanceM, gapM, reachM } = nearness(self, other);
  return { minute, self, other, distanceM: toMicrometres(distanceM) / 1e6, gapM, reachM };
}

function toMicrometres(lengthM: number): number {
  return Math.round(lengthM * 1e6);
}

/** The point of least distance, the earliest of equals, or null where there are none. */
export async function closestOf(points: AsyncIterable<PathPoint> | Iterable<PathPoint>): Promise<PathPoint | null> {
  let closest: PathPoint | null = null;
  for await (const point of points) {
    if (closest === null || point.distanceM < closest.distanceM) closest = point;
  }
  return closest;
}

/** A length as answers show it: to the mm. */
export function toMm(lengthM: number): number {
  return Math.round(lengthM * 1_000) / 1_000;
}

/** The gap as answers show it: how near the two can have been. */
export function shownGap(gapM: number): number {
  return toMm(Math.max(0, gapM));
}

/** Whether they were in proximity wherever in their circles they were. */
export function isCertain(reachM: number, proximityDm: number): boolean {
  return toMicrometres(reachM) <= proximityDm * 1e5;
}

/** A contact's `closest` as answers show it. */
export function shownClosest(point: PathPoint): Closest {
  return {
    minute: point.minute,
    floor: point.self.floor,
    distance: toMm(point.distanceM),
    gap: shownGap(point.gapM),
  };
}

/** A minute of a contact's `path` as answers show it. */
export function shownMinute(point: PathPoint, proximityDm: number): PathMinute {
  return {
    minute: point.minute,
    distance: toMm(point.distanceM),
    gap: shownGap(point.gapM),
    certain: isCertain(point.reachM, proximityDm),
    self: shownFix(point.self),
    other: shownFix(point.other),
  };
}

/** A fix as answers show it where they say elsewhere whose it is. */
export function shownFix(fix: StoredFix): FixShown {
  return {
    timestamp: fix.fixTimeMs,
    latitude: fix.latitude,
    longitude: fix.longitude,
    floor: fix.floor,
    accuracy: fix.accuracyM,
  };
}
