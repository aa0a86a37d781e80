import { minuteOf } from "@encounter/core/domain/minute";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { dayOf } from "@encounter/core/storage/keys";
import type { StoredFix } from "@encounter/core/storage/records";
import { encodeLiveFrame, encodeNames, type MapAnchor } from "@encounter/core/wire/live";
import type { Aliases, NameDevice } from "../access/aliases.ts";
import { DeviceColumns } from "./device-columns.ts";
import { DeviceNumbers } from "./device-numbers.ts";
import { LineTracker } from "./line-tracker.ts";
import type { LineView } from "./line-view.ts";
import { LineViews } from "./line-views.ts";
import type { Look } from "./look.ts";
import type { Naming } from "./naming.ts";
import { PictureChange } from "./picture-change.ts";
import { RateMeter } from "./rate-meter.ts";
import { runMinutesMax } from "./run-bound.ts";
import { type StoredBatch, type StreamEntry, type VenueMark, VenueSource } from "./venue-source.ts";

/** A device is forgotten so long after its last fix, ms. */
const FORGET_MS = 600_000;
const FORGET_MINUTES = FORGET_MS / 60_000;
/** A device counts as online so long after its last fix, ms. */
const ONLINE_MS = 60_000;
/** Entries of one read of the stream (each may be 2,000 fixes), and reads in one poll; the rest comes with the next. */
const ENTRIES_PER_READ = 20;
const READS_PER_POLL = 1_000;
/** More forgotten devices than present ones and this many: the indices are given out anew. */
const GONE_MAX = 1_000;

const NO_NAMES = encodeNames([]);
const ACCEPTED = "1".charCodeAt(0);

/** A batch of the stream is missing: what was put together from it may be wrong. */
export class StreamGapError extends Error {
  override readonly name = "StreamGapError";
}

export interface PictureOptions {
  readonly redis: RedisClient;
  readonly record: VenueRecord;
  readonly now: () => number;
  readonly aliases: Aliases;
  /** Where metres are counted from; null: the first device, until the venue's place is known. */
  readonly anchor: MapAnchor | null;
  /** Whether lines are wanted, or devices alone. */
  readonly withLines: boolean;
}

/** What a venue looks like now: devices, lines and rate, read from Redis and kept up with its stream. */
export class VenuePicture {
  readonly columns: DeviceColumns;
  private readonly options: PictureOptions;
  private readonly source: VenueSource;
  private readonly numbers: DeviceNumbers;
  private readonly meter = new RateMeter();
  /** Lines by every measure that somebody looks by; null where devices alone are wanted. */
  readonly views: LineViews | null;
  /** Newest evaluated minute, and the one last told. */
  private minute: number;
  private minuteTold = -1;
  private namesTold = 0;
  private readonly namesEncoded = { own: { count: 0, bytes: NO_NAMES }, alias: { count: 0, bytes: NO_NAMES } };
  private readonly alias: NameDevice;
  /** The day of its aliases: on another one a new picture is due. */
  readonly aliasDay: number;
  private lastId = "0-0";
  private received: number;
  /** Whether the stream was followed up to `received`, so that the next batch must begin there. */
  private isCaughtUp = false;
  private redisTimeMs = 0;

  private constructor(
    options: PictureOptions,
    state: { received: number; newestMinute: number },
    presentMinute: number,
  ) {
    const { settings } = options.record;
    this.options = options;
    this.source = new VenueSource(options.redis, options.record);
    this.columns = new DeviceColumns(options.anchor);
    this.numbers = new DeviceNumbers(this.columns);
    this.received = state.received;
    this.minute = state.newestMinute;
    this.aliasDay = dayOf(presentMinute);
    this.alias = options.aliases.of(options.record.incarnation, this.aliasDay);
    const defaultDm = Math.round(settings.proximity * 10);
    this.views = options.withLines ? new LineViews(defaultDm, runMinutesMax(settings), presentMinute) : null;
  }

  /** Reads the fixes of the last minutes, the newest first; the first {@link poll} then adds what the stream has. */
  static async load(options: PictureOptions): Promise<VenuePicture> {
    const { redis, record, now } = options;
    const presentMinute = minuteOf(now());
    // Before the fixes: a batch that the stream no longer has is then surely among them, or found missing.
    const state = await new VenueSource(redis, record).readState();
    const picture = new VenuePicture(options, state, presentMinute);
    const trackedFrom = options.withLines ? LineTracker.firstMinute(presentMinute) : Number.POSITIVE_INFINITY;
    const oldest = presentMinute - FORGET_MINUTES;
    for (let minute = LineTracker.lastMinute(presentMinute); minute >= oldest; minute--) {
      const isWhole = minute >= trackedFrom || picture.columns.present === 0;
      if (isWhole) await picture.takeMinute(minute, await readMinuteFixes(redis, record.keys, minute));
      else await picture.takeOthers(minute);
    }
    return picture;
  }

  private async takeOthers(minute: number): Promise<void> {
    const isKnown = (deviceNumber: number) => this.numbers.knows(deviceNumber);
    await this.takeMinute(minute, await this.source.readFixesOfOthers(minute, isKnown));
  }

  /** Takes in fixes of a minute, in the order of their acceptance. */
  private async takeMinute(minute: number, fixes: readonly StoredFix[]): Promise<void> {
    const newcomers = fixes.filter(({ deviceNumber }) => !this.numbers.knows(deviceNumber));
    const ids = await this.source.readNames(newcomers.map(({ deviceNumber }) => deviceNumber));
    for (const fix of newcomers) {
      const deviceId = ids.get(fix.deviceNumber);
      if (deviceId === undefined) continue;
      this.takeFix({ ...fix, deviceId });
      this.numbers.learn(fix.deviceNumber, deviceId);
    }
    for (const { deviceNumber } of fixes) {
      if (this.numbers.knows(deviceNumber)) this.views?.accept(minute, this.numbers.indexOf(deviceNumber));
    }
  }

  /**
   * Catches up with the venue.
   * @param looks by which measures lines are wanted beside the default
   * @throws StreamGapError where that takes a new picture; any other error is Redis's
   */
  async poll(looks: Iterable<Look>): Promise<VenueMark> {
    this.views?.follow(looks, this.presentMinute);
    const mark = await this.source.readMark();
    this.redisTimeMs = mark.redisTimeMs;
    for (let read = 0; read < READS_PER_POLL; read++) {
      const entries = await this.source.readStream(this.lastId, ENTRIES_PER_READ);
      for (const entry of entries) this.takeEntry(entry);
      if (entries.length < ENTRIES_PER_READ) break;
    }
    this.columns.forgetBefore(this.options.now() - FORGET_MS);
    await this.views?.refresh(this.source, this.numbers, this.presentMinute);
    return mark;
  }

  private get presentMinute(): number {
    return minuteOf(this.options.now());
  }

  get hasLines(): boolean {
    return this.views !== null;
  }

  /** Whether so many devices are gone that a new picture would be smaller. */
  get isSparse(): boolean {
    return this.columns.gone > Math.max(GONE_MAX, this.columns.present);
  }

  status(): { devicesOnline: number; fixesPerSecond: number } {
    return {
      devicesOnline: this.columns.countSince(this.options.now() - ONLINE_MS),
      fixesPerSecond: this.meter.perSecond(this.redisTimeMs),
    };
  }

  private takeEntry(entry: StreamEntry): void {
    this.lastId = entry.id;
    if (entry.kind === "batch") {
      this.takeBatch(entry);
      return;
    }
    this.minute = Math.max(this.minute, entry.minute);
    this.views?.noteEvaluation(entry.minute);
  }

  private takeBatch({ id, fixes, outcomes, repeats, count, total }: StoredBatch): void {
    const before = total - count;
    if (before > this.received || (this.isCaughtUp && before < this.received)) throw new StreamGapError(id);
    this.isCaughtUp ||= total >= this.received;
    this.received = Math.max(this.received, total);
    this.meter.note(Number.parseInt(id, 10), before, total);
    fixes.forEach((fix, at) => {
      this.takeFix(fix);
      if (outcomes[at] === ACCEPTED) this.takeAccepted(fix.deviceId, fix.fixTimeMs);
    });
    for (const fix of repeats) this.takeFix(fix);
  }

  private takeFix(fix: Parameters<DeviceColumns["put"]>[0]): void {
    if (fix.fixTimeMs >= this.options.now() - FORGET_MS) this.columns.put(fix);
  }

  private takeAccepted(deviceId: string, fixTimeMs: number): void {
    const index = this.columns.indexOf(deviceId);
    if (index >= 0) this.views?.accept(minuteOf(fixTimeMs), index);
  }

  /** What changed since this was last asked. */
  change(): PictureChange {
    const timeMs = this.options.now();
    const fixes = this.columns.takeChanges(timeMs);
    const firstName = this.namesTold;
    const names = this.columns.names.slice(firstName);
    const { minute } = this;
    const isMinuteNew = minute !== this.minuteTold;
    this.namesTold += names.length;
    this.minuteTold = minute;
    const lines = new Map([...(this.views?.all ?? [])].map(([key, view]) => [key, newsOf(view)]));
    return new PictureChange({ timeMs, minute, isMinuteNew, firstName, names, fixes }, lines, this.alias);
  }

  /** Everything, with the lines of a view, as a frame. It may be ahead of the changes told; the next then repeats some. */
  snapshot({ measure, lines }: LineView, naming: Naming): Uint8Array {
    const timeMs = this.options.now();
    const { columns, minute } = this;
    const { names } = columns;
    const encoded = this.namesEncoded[naming];
    if (encoded.count !== names.length) {
      encoded.bytes = encodeNames(naming === "own" ? names : names.map(this.alias));
      encoded.count = names.length;
    }
    const fixes = columns.all(timeMs);
    const { proximityDm, certainOnly: certain } = measure;
    return encodeLiveFrame(
      { snapshot: true, timeMs, minute, proximityDm, certain, firstName: 0, names, fixes, lines },
      encoded.bytes,
    );
  }
}

function newsOf(view: LineView) {
  return { measure: view.measure, lines: view.lines, areNew: view.takeNews() };
}
