import { minuteStartMs } from "@encounter/core/domain/minute";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";
import type { Contact } from "@encounter/core/wire/contacts";
import type { Breather } from "../breather.ts";
import { closestOf, type PathPoint, readPath } from "./contact-path.ts";
import { lengthOf } from "./run-tracker.ts";
import type { Listed } from "./shortlist.ts";

/** A contact with no more than its bare facts. */
export type BareContact = Omit<Contact, "closest" | "path">;

/** Up to so many minutes of a path are kept to be looked at twice; a longer one is read twice. */
const KEPT_MINUTES_MAX = 512;

/** A contact of an answer, and what is to be had about it. Nothing is read before it is asked for. */
export class ContactDetails {
  readonly facts: BareContact;
  private readonly listed: Listed;
  private readonly read: () => AsyncGenerator<PathPoint>;
  private kept: readonly PathPoint[] | null = null;

  constructor(redis: RedisClient, keys: VenueKeys, breather: Breather, listed: Listed) {
    const { run, deviceId, other, self } = listed;
    const { lower, upper, startMinute, lastMinute } = run;
    const span = { self, other: self === lower ? upper : lower, startMinute, endMinute: lastMinute + 1 };
    this.listed = listed;
    this.read = () => readPath(redis, keys, breather, span);
    this.facts = {
      device_id: deviceId,
      other,
      start: minuteStartMs(startMinute),
      end: minuteStartMs(lastMinute + 1),
      minutes: lengthOf(run),
      certain_minutes: run.certainMinutes,
    };
  }

  /** Its minutes with both fixes, ascending. */
  async path(): Promise<AsyncIterable<PathPoint> | Iterable<PathPoint>> {
    if (this.kept === null && lengthOf(this.listed.run) <= KEPT_MINUTES_MAX) {
      const points: PathPoint[] = [];
      for await (const point of this.read()) points.push(point);
      this.kept = points;
    }
    return this.kept ?? this.read();
  }

  /** Its minute of least distance; null where its fixes are past the venue's retention by now. */
  async closest(): Promise<PathPoint | null> {
    return closestOf(await this.path());
  }
}
