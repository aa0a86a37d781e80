import { firstMinuteIn, minuteAfter, minuteOf } from "@encounter/core/domain/minute";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import type { Breather } from "../breather.ts";
import type { Gate } from "../http/gate.ts";
import type { ContactSelection } from "../query/contact-selection.ts";
import { exportContacts } from "./contact-export.ts";
import { type ContactPlace, compareText } from "./contact-order.ts";
import type { ContactCriteria, ScanParts } from "./contact-scan.ts";
import { findContacts } from "./contact-search.ts";
import type { DeviceNames } from "./device-names.ts";
import { DevicePairs, type PairSource, VenuePairs } from "./pair-source.ts";
import { PairTimeline } from "./pair-timeline.ts";
import type { Run } from "./run-tracker.ts";
import type { Listed, NameRuns, RunNames } from "./shortlist.ts";

const MINUTES_PER_DAY = 1_440;

/** Whose contacts are asked for: those of one device, or every pair's. */
export interface Subject {
  readonly record: VenueRecord;
  readonly device: { readonly id: string; readonly number: number } | null;
}

/** Bounds of searches: where one is reached, another way is taken or somebody waits. */
export interface FinderLimits {
  /** Up to so many of a venue's runs are followed in the timelines of their devices instead of in all its pairs. */
  readonly fewRuns: number;
  /** Contacts of an export that have ended and wait for one that has not: some 150 bytes each. */
  readonly waitingMax: number;
}

export const FINDER_LIMITS: FinderLimits = { fewRuns: 32, waitingMax: 200_000 };

export interface ContactFinderDependencies {
  readonly redis: RedisClient;
  readonly names: DeviceNames;
  /** How many searches and exports run at once, and with it the memory of all. */
  readonly searchGate: Gate;
  readonly exportGate: Gate;
  readonly limits: FinderLimits;
  readonly now: () => number;
}

/** First minute that a venue's retention still covers. */
export function oldestMinuteOf(record: VenueRecord, nowMs: number): number {
  return Math.max(0, minuteOf(nowMs) - record.settings.retention_days * MINUTES_PER_DAY);
}

/** Finds contacts, a page at a time, in answer order. */
export class ContactFinder {
  private readonly dependencies: ContactFinderDependencies;

  constructor(dependencies: ContactFinderDependencies) {
    this.dependencies = dependencies;
  }

  /**
   * The first `count` contacts after a place.
   * @throws ApiError `busy` where too many searches wait; Abandoned where nobody waits for this one
   */
  find(
    subject: Subject,
    selection: ContactSelection,
    count: number,
    after: ContactPlace | null,
    breather: Breather,
  ): Promise<readonly Listed[]> {
    return this.dependencies.searchGate.run(async () => {
      const scan = await this.prepare(subject, selection, breather);
      return scan === null ? [] : findContacts(scan.criteria, scan.parts, count, after);
    });
  }

  /** All contacts after a place, as many at a time as are ready. @throws as {@link find} */
  async *export(
    subject: Subject,
    selection: ContactSelection,
    after: ContactPlace | null,
    breather: Breather,
  ): AsyncGenerator<readonly Listed[]> {
    const leave = await this.dependencies.exportGate.enter();
    try {
      const scan = await this.prepare(subject, selection, breather);
      if (scan !== null) yield* exportContacts(scan.criteria, scan.parts, this.dependencies.limits.waitingMax, after);
    } finally {
      leave();
    }
  }

  /** What is to be scanned, or null where nothing can be found. */
  private async prepare(
    { record, device }: Subject,
    selection: ContactSelection,
    breather: Breather,
  ): Promise<{ criteria: ContactCriteria; parts: ScanParts } | null> {
    const { redis, limits, now } = this.dependencies;
    const { keys } = record;
    const oldestMinute = oldestMinuteOf(record, now());
    const source = await this.sourceOf(record, device, oldestMinute, breather);
    if (source === null) return null;
    const { proximityDm, certainOnly, minMinutes, fromMs, toMs } = selection;
    const firstMinute = Math.max(firstMinuteIn(fromMs), oldestMinute);
    return {
      criteria: { proximityDm, certainOnly, minMinutes, firstMinute, endMinute: minuteAfter(toMs) },
      parts: {
        source,
        pairTimeline: new PairTimeline(redis, keys, breather, selection, oldestMinute),
        // One device's own timeline is read already: a way round it would be longer.
        fewRuns: device === null ? limits.fewRuns : 0,
        nameRuns: this.namer(record, device),
        breather,
      },
    };
  }

  private async sourceOf(
    { keys }: VenueRecord,
    device: Subject["device"],
    oldestMinute: number,
    breather: Breather,
  ): Promise<PairSource | null> {
    const { redis } = this.dependencies;
    if (device === null) return new VenuePairs(redis, keys, breather, oldestMinute);
    const [firstMs, lastMs] = await Promise.all([
      redis.zscore(keys.firstSeen, String(device.number)),
      redis.zscore(keys.lastSeen, String(device.number)),
    ]);
    if (firstMs === null || lastMs === null) return null;
    const span = {
      oldestMinute: Math.max(oldestMinute, minuteOf(Number(firstMs))),
      newestMinute: minuteOf(Number(lastMs)),
    };
    return new DevicePairs(redis, keys, breather, device.number, span);
  }

  private namer(record: VenueRecord, device: Subject["device"]): NameRuns {
    return async (runs) => {
      const numbers = new Set(runs.flatMap(({ lower, upper }) => [lower, upper]));
      const names = await this.dependencies.names.resolve(record, numbers);
      return (run) => nameRun(run, names, device?.number ?? null);
    };
  }
}

/** In a device's contacts it comes first, in a venue's the lower id. */
function nameRun({ lower, upper }: Run, names: ReadonlyMap<number, string>, device: number | null): RunNames | null {
  const lowerId = names.get(lower);
  const upperId = names.get(upper);
  if (lowerId === undefined || upperId === undefined) return null;
  const isLowerFirst = device === null ? compareText(lowerId, upperId) < 0 : device === lower;
  return isLowerFirst
    ? { deviceId: lowerId, other: upperId, self: lower }
    : { deviceId: upperId, other: lowerId, self: upper };
}
