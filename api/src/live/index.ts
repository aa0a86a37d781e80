import type { Server } from "node:http";
import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import type { Aliases } from "../access/aliases.ts";
import type { WatchGuard } from "../access/watch-guard.ts";
import { VenuePlaces } from "../place/venue-places.ts";
import { CloseCode } from "./close-code.ts";
import { LiveDoor, type LiveDoorLimits } from "./live-door.ts";
import { type LiveStatus, LiveVenue } from "./live-venue.ts";

/** A venue without viewers is forgotten so long after its last use, ms. */
const IDLE_MS = 60_000;
const SWEEP_MS = 5_000;
/** So many venues without viewers are kept; those unused longest go first. */
const IDLE_VENUES_MAX = 256;
/** How long viewers may take to say goodbye, ms. */
const CLOSE_GRACE_MS = 1_000;

export interface LiveLimits extends LiveDoorLimits {
  /** How often viewers are told what is new, ms. */
  readonly tickMs: number;
}

const LIMITS: LiveLimits = { viewersMax: 1_000, pingMs: 20_000, recheckMs: 4_000, tickMs: 500 };

export interface LiveOptions {
  /** A connection that fails fast while Redis is away. */
  readonly redis: RedisClient;
  readonly log: Logger;
  /** What devices are called for viewers who must not know their names. */
  readonly aliases: Aliases;
  /** The clock, ms; the system's where absent. */
  readonly now?: () => number;
  readonly limits?: Partial<LiveLimits>;
}

/** What venues look like now, for the map and for their status. */
export interface Live {
  /** Open sockets of viewers. */
  readonly viewerCount: number;
  /** Frames that were not sent since their viewer had not taken the one before. */
  readonly framesLeftOut: number;
  /** Serves `GET /v1/venues/{venue}/live` on a server; any other upgrade is answered 404. */
  attach(server: Server, guard: WatchGuard): void;
  /** The venue as of the last second. @throws where Redis does not answer */
  status(record: VenueRecord): Promise<LiveStatus>;
  /** Closes all sockets with 1012 and ends all reading; the Redis connection stays open. */
  stop(): Promise<void>;
}

/** Makes the live feed of all venues. Nothing is read until somebody watches or asks. */
export function createLive({ redis, log, aliases, now = Date.now, limits: given = {} }: LiveOptions): Live {
  const limits = { ...LIMITS, ...given };
  const places = new VenuePlaces(redis);
  const venues = new Map<string, LiveVenue>();
  const doors: LiveDoor[] = [];
  let framesLeftOut = 0;
  const onFrameLeftOut = () => {
    framesLeftOut += 1;
  };

  const venueOf = (record: VenueRecord): LiveVenue => {
    const known = venues.get(record.keys.prefix);
    if (known !== undefined) return known;
    const venue = new LiveVenue(record, { redis, places, log, aliases, now, tickMs: limits.tickMs, onFrameLeftOut });
    venues.set(record.keys.prefix, venue);
    return venue;
  };
  const findVenue = async (venueId: string): Promise<LiveVenue | null> => {
    const record = await loadVenue(redis, venueId);
    return record === null ? null : venueOf(record);
  };
  const sweeper = setInterval(() => forgetIdle(venues), SWEEP_MS);
  sweeper.unref();

  return {
    get viewerCount() {
      return doors.reduce((sum, door) => sum + door.viewerCount, 0);
    },
    get framesLeftOut() {
      return framesLeftOut;
    },
    attach: (server, guard) => {
      doors.push(new LiveDoor(server, { log, limits, guard, findVenue }));
    },
    status: (record) => venueOf(record).status(),
    stop: async () => {
      clearInterval(sweeper);
      await Promise.all(doors.map((door) => door.stop(CLOSE_GRACE_MS)));
      for (const venue of venues.values()) venue.stop(CloseCode.restarting, "restarting");
      venues.clear();
    },
  };
}

function forgetIdle(venues: Map<string, LiveVenue>): void {
  const nowMs = performance.now();
  const idle = [...venues].filter(([, venue]) => !venue.isWatched).sort(([, a], [, b]) => b.lastUsedMs - a.lastUsedMs);
  idle.forEach(([key, venue], rank) => {
    if (rank >= IDLE_VENUES_MAX || nowMs - venue.lastUsedMs > IDLE_MS) venues.delete(key);
  });
}
