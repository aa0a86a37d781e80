import { distanceM } from "@encounter/core/domain/geodesy";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, type RunScript } from "@encounter/core/service/script";
import { readPlace, type StoredPlace, writePlace } from "@encounter/core/service/venue-place";
import { loadPlan, type VenueRecord } from "@encounter/core/service/venue-store";
import { venueRecordKey } from "@encounter/core/storage/keys";
import { readFixRecord, type StoredFix } from "@encounter/core/storage/records";
import { STORE_PLACE_SCRIPT } from "@encounter/core/storage/venue-scripts";
import type { MapAnchor } from "@encounter/core/wire/live";
import { anchorAmid, anchorOfPlan } from "./anchor.ts";

/** So many fixes, taken at random, stand for a minute. */
const FIXES_LOOKED_AT = 256;
/** A place amid fixes is looked at again where the venue has fixes so much newer, minutes, and kept where it is as near. */
const LOOK_AGAIN_MINUTES = 60;
const KEPT_WITHIN_M = 10_000;

/**
 * Where venues are: the middle of the plan or, where there is none, amid the newest fixes. Noted in the venue's record
 * once it is known, so that all processes and answers count metres from the same origin, and that a list costs nothing.
 * It moves with another plan; amid fixes only where the venue itself seems to have moved.
 */
export class VenuePlaces {
  private readonly redis: RedisClient;
  private readonly store: RunScript;

  constructor(redis: RedisClient) {
    this.redis = redis;
    this.store = defineScript(redis, "encounterStorePlace", STORE_PLACE_SCRIPT);
  }

  /** The place of a venue, or null while it has neither plan nor fixes. */
  async of(record: VenueRecord): Promise<MapAnchor | null> {
    const place = (await this.byPlan(record)) ?? (await this.byFixes(record));
    return place === null ? null : { longitude: place.longitude, latitude: place.latitude };
  }

  private async byPlan(record: VenueRecord): Promise<StoredPlace | null> {
    const { place, planRevision } = record;
    if (place?.planRevision === planRevision) return place.minute === null ? place : null;
    const plan = await loadPlan(this.redis, record);
    const middle = plan === null ? null : anchorOfPlan(plan);
    if (middle !== null) return this.note(record, { ...middle, planRevision, minute: null });
    // A plan with nothing in it: the one before still tells where the venue is.
    return place?.minute === null ? this.note(record, { ...place, planRevision }) : null;
  }

  private async byFixes(record: VenueRecord): Promise<StoredPlace | null> {
    const { place, planRevision, keys } = record;
    const [newest] = await this.redis.zrange(keys.minutes, "0", "0", "REV");
    if (newest === undefined) return place;
    const minute = Number(newest);
    const isFresh = place !== null && minute - (place.minute ?? minute) < LOOK_AGAIN_MINUTES;
    if (isFresh && place.planRevision === planRevision) return place;
    const found = anchorAmid(await this.someFixes(record, minute));
    if (found === null) return place;
    const isKept = place !== null && metresBetween(place, found) <= KEPT_WITHIN_M;
    return this.note(record, { ...(isKept ? place : found), planRevision, minute });
  }

  private async someFixes({ keys }: VenueRecord, minute: number): Promise<StoredFix[]> {
    const flat = (await this.redis.hrandfieldBuffer(keys.fixes(minute), FIXES_LOOKED_AT, "WITHVALUES")) as Buffer[];
    const fixes: StoredFix[] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
      fixes.push(readFixRecord(minute, Number(flat[at]), flat[at + 1] as Buffer));
    }
    return fixes;
  }

  /** Notes a place; returns the one that somebody else noted before, if so. */
  private async note(record: VenueRecord, place: StoredPlace): Promise<StoredPlace | null> {
    const { venueId, incarnation, planRevision } = record;
    const before = record.place === null ? "" : writePlace(record.place);
    const noted = await this.store([venueRecordKey(venueId)], [incarnation, planRevision, before, writePlace(place)]);
    return readPlace(noted as string | null);
  }
}

function metresBetween(one: MapAnchor, other: MapAnchor): number {
  return distanceM(one.longitude, one.latitude, other.longitude, other.latitude);
}
