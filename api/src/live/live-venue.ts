import { minuteOf } from "@encounter/core/domain/minute";
import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import { dayOf } from "@encounter/core/storage/keys";
import { LIVE_CLOSE_REASON, type LiveHello, type MapAnchor } from "@encounter/core/wire/live";
import type { Aliases } from "../access/aliases.ts";
import type { VenuePlaces } from "../place/venue-places.ts";
import { CloseCode } from "./close-code.ts";
import { DEFAULT_LOOK, type Look, type LookTexts, measureKey, measureOf, readLook } from "./look.ts";
import { VenueFeed } from "./venue-feed.ts";
import { StreamGapError, VenuePicture } from "./venue-picture.ts";
import type { VenueMark } from "./venue-source.ts";
import type { Viewer } from "./viewer.ts";

/** A status may be so old, ms. */
const STATUS_AGE_MS = 1_000;
/** A turn that takes longer is trouble, ms: what is shown has aged so much already. */
const SLOW_TURN_MS = 3_000;
/** Measures by which the viewers of a venue may look at once, its default among them. */
export const MEASURES_MAX = 8;
/** A wish to look by another measure is answered with a turn of its own, so long after the last one began, ms. */
const HURRY_MS = 100;
const UNPLACED: MapAnchor = { longitude: 0, latitude: 0 };

export interface LiveStatus {
  readonly devicesOnline: number;
  readonly fixesPerSecond: number;
}

export interface LiveVenueDependencies {
  readonly redis: RedisClient;
  readonly places: VenuePlaces;
  readonly log: Logger;
  readonly aliases: Aliases;
  readonly now: () => number;
  /** How often viewers are told what is new, ms. */
  readonly tickMs: number;
  /** Told of each viewer that could not take a frame. */
  readonly onFrameLeftOut: () => void;
}

/** The venue is gone. */
class DeletedError extends Error {
  override readonly name = "DeletedError";
}

/** One venue as it is now, and those who watch it. It is read while it has viewers, and when its status is asked. */
export class LiveVenue {
  /** When it was last of use, ms of `performance.now()`. */
  lastUsedMs = performance.now();
  private readonly dependencies: LiveVenueDependencies;
  private readonly feed: VenueFeed;
  private record: VenueRecord;
  /** The venue's place: where metres are counted from, here and in answers about the past. */
  private anchor: MapAnchor | null = null;
  private picture: VenuePicture | null = null;
  private isDeleted = false;
  private timer: NodeJS.Timeout | null = null;
  private hurry: NodeJS.Timeout | null = null;
  private turn: Promise<void> | null = null;
  private turnBeganMs = 0;
  private readMs = Number.NEGATIVE_INFINITY;

  constructor(record: VenueRecord, dependencies: LiveVenueDependencies) {
    this.record = record;
    this.dependencies = dependencies;
    this.feed = new VenueFeed(dependencies.onFrameLeftOut);
  }

  get isWatched(): boolean {
    return this.feed.viewerCount > 0;
  }

  /** How wide its viewers may look, metres. */
  get cap(): number {
    return this.record.settings.cap;
  }

  /** Takes in a viewer until its socket closes. */
  join(viewer: Viewer): void {
    if (this.isDeleted) {
      viewer.close(CloseCode.credentialDead, LIVE_CLOSE_REASON.venueDeleted);
      return;
    }
    const { look } = viewer;
    viewer.look = DEFAULT_LOOK;
    this.feed.add(viewer);
    this.lastUsedMs = performance.now();
    viewer.onClose(() => this.leave(viewer));
    viewer.onLook((texts) => this.hear(viewer, texts));
    this.grant(viewer, look);
    if (this.timer !== null && this.picture?.views?.find(viewer.look) !== undefined) {
      viewer.shown = viewer.look;
      viewer.update(this.feed);
    } else if (this.timer === null) this.tick();
    else this.turnSoon();
    this.timer ??= setInterval(() => this.tick(), this.dependencies.tickMs);
  }

  private hear(viewer: Viewer, texts: LookTexts): void {
    try {
      this.grant(viewer, readLook(texts, this.cap));
    } catch (error) {
      viewer.refuse((error as Error).message);
    }
    this.turnSoon();
  }

  /** Lets a viewer look as it wishes, if that is not one measure too many. What others look by is left to them. */
  private grant(viewer: Viewer, look: Look): void {
    const defaultDm = Math.round(this.record.settings.proximity * 10);
    const keyOf = (each: Look) => measureKey(measureOf(each, defaultDm));
    const others = new Set([keyOf(DEFAULT_LOOK), ...this.feed.looksBeside(viewer).map(keyOf)]);
    if (others.has(keyOf(look)) || others.size < MEASURES_MAX) viewer.look = look;
    else viewer.refuse(`others look at this venue in ${MEASURES_MAX} ways already: look as one of them does, or later`);
  }

  private turnSoon(): void {
    const waitMs = Math.max(0, this.turnBeganMs + HURRY_MS - performance.now());
    this.hurry ??= setTimeout(() => {
      this.hurry = null;
      if (this.turn === null) this.beginTurn();
    }, waitMs);
  }

  private leave(viewer: Viewer): void {
    this.feed.remove(viewer);
    this.lastUsedMs = performance.now();
    if (!this.isWatched) this.stopTicking();
  }

  /** What the venue is like, at most a second old. @throws where it cannot be read */
  async status(): Promise<LiveStatus> {
    this.lastUsedMs = performance.now();
    if (this.turn === null && this.lastUsedMs - this.readMs > STATUS_AGE_MS) this.beginTurn();
    await this.turn;
    if (this.feed.troubleSinceMs !== null) throw new Error("the venue cannot be read");
    return this.picture?.status() ?? { devicesOnline: 0, fixesPerSecond: 0 };
  }

  /** Ends it: no more reading, and all sockets are closed. */
  stop(code: number, reason: string): void {
    this.stopTicking();
    this.feed.close(code, reason);
  }

  private stopTicking(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    if (this.hurry !== null) clearTimeout(this.hurry);
    this.hurry = null;
  }

  private tick(): void {
    if (this.turn === null) this.beginTurn();
    else if (this.feed.hello !== null && performance.now() - this.turnBeganMs > SLOW_TURN_MS) {
      this.beginTrouble(new Error("Redis is slow to answer"));
    }
  }

  private beginTurn(): void {
    if (this.isDeleted) return;
    this.turnBeganMs = performance.now();
    this.turn = this.takeTurn().finally(() => {
      this.turn = null;
    });
  }

  private async takeTurn(): Promise<void> {
    try {
      const picture = await this.read();
      this.readMs = performance.now();
      this.endTrouble();
      this.feed.greet(this.hello());
      this.feed.publish(picture);
    } catch (error) {
      if (error instanceof DeletedError) return this.end();
      // Whatever was missed meanwhile: the next turn reads everything anew.
      this.picture = null;
      this.beginTrouble(error as Error);
    }
  }

  private beginTrouble(error: Error): void {
    if (this.feed.troubleSinceMs === null) {
      const { name, message } = error;
      this.dependencies.log.warn({ venue: this.record.venueId, reason: `${name}: ${message}` }, "live feed in trouble");
    }
    this.feed.beginTrouble(this.dependencies.now());
  }

  private endTrouble(): void {
    if (this.feed.troubleSinceMs === null) return;
    this.feed.endTrouble();
    this.dependencies.log.info({ venue: this.record.venueId }, "live feed recovered");
  }

  private end(): void {
    this.isDeleted = true;
    this.picture = null;
    this.stop(CloseCode.credentialDead, LIVE_CLOSE_REASON.venueDeleted);
  }

  /** Catches up with the venue, or begins anew where that is not enough. @throws DeletedError, or what Redis says */
  private async read(): Promise<VenuePicture> {
    let picture = this.picture;
    const isOfToday = picture?.aliasDay === dayOf(minuteOf(this.dependencies.now()));
    if (picture === null || !isOfToday || picture.isSparse || (this.isWatched && !picture.hasLines))
      picture = await this.load();
    try {
      const mark = await picture.poll(this.feed.takeLooks());
      if (!this.isOutdated(mark) && !this.isPlacedOnlyNow(picture)) return picture;
    } catch (error) {
      if (!(error instanceof StreamGapError)) throw error;
    }
    picture = await this.load();
    await picture.poll(this.feed.takeLooks());
    return picture;
  }

  /** Whether the settings, the plan or the place are others now, or a device was erased. @throws DeletedError */
  private isOutdated({ incarnation, version, planRevision, erasures, place }: VenueMark): boolean {
    if (incarnation !== this.record.incarnation) throw new DeletedError();
    if (version !== this.record.version || planRevision !== this.record.planRevision) return true;
    if (erasures !== this.record.erasures) return true;
    return place !== null && (place.longitude !== this.anchor?.longitude || place.latitude !== this.anchor.latitude);
  }

  /** Whether the first device came to a venue that was nowhere until then. */
  private isPlacedOnlyNow(picture: VenuePicture): boolean {
    return this.anchor === null && picture.columns.anchor !== null;
  }

  private async load(): Promise<VenuePicture> {
    const { redis, now, places, aliases } = this.dependencies;
    const record = await loadVenue(redis, this.record.venueId);
    if (record?.incarnation !== this.record.incarnation) throw new DeletedError();
    this.record = record;
    this.anchor = (await places.of(record)) ?? this.anchor;
    const withLines = this.isWatched || this.picture?.hasLines === true;
    this.picture = await VenuePicture.load({ redis, record, now, aliases, anchor: this.anchor, withLines });
    return this.picture;
  }

  private hello(): LiveHello {
    const { venueId, settings, planRevision } = this.record;
    return {
      type: "hello",
      venue_id: venueId,
      anchor: this.anchor ?? UNPLACED,
      proximity: settings.proximity,
      min_minutes: settings.min_minutes,
      cap: settings.cap,
      time_zone: settings.time_zone,
      name: settings.name,
      plan_revision: planRevision,
      ...(this.anchor === null ? { unplaced: true as const } : {}),
    };
  }
}
