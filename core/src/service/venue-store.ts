import { randomBytes } from "node:crypto";
import { VENUES_KEY, VenueKeys, venueRecordKey } from "../storage/keys.ts";
import { DELETE_VENUE_SCRIPT, SAVE_VENUE_SCRIPT, STORE_PLAN_SCRIPT } from "../storage/venue-scripts.ts";
import { defaultSettings, settingsTrouble, type VenueChange, type VenueSettings } from "../wire/venue.ts";
import { PseudonymKeyError, Pseudonyms } from "./pseudonyms.ts";
import type { RedisClient } from "./redis.ts";
import { defineScript, type RunScript } from "./script.ts";
import { readPlace, type StoredPlace } from "./venue-place.ts";

/** A venue as it is stored. */
export interface VenueRecord {
  readonly venueId: string;
  /** Tells this venue from an earlier, deleted one of the same id. */
  readonly incarnation: string;
  /** Changes with every change of the settings. */
  readonly version: string;
  readonly planRevision: number;
  /** Grows whenever a device is erased: what was read before may hold it. */
  readonly erasures: number;
  /** Grows whenever a number loses its name: by an erasure, or because the device was not seen within the retention. */
  readonly removals: number;
  /** Fingerprint of the key that its devices' pseudonyms are made with; null where it has none. */
  readonly pseudonymKey: string | null;
  /** Where it is, as last noted. */
  readonly place: StoredPlace | null;
  readonly settings: VenueSettings;
  readonly keys: VenueKeys;
}

/** Reads a venue, or null where there is none. */
export async function loadVenue(redis: RedisClient, venueId: string): Promise<VenueRecord | null> {
  const stored = await redis.hgetall(venueRecordKey(venueId));
  const {
    incarnation,
    version,
    settings,
    plan,
    place,
    erasures,
    forgotten,
    pseudonym_key: pseudonymKey = null,
  } = stored;
  if (incarnation === undefined || version === undefined || settings === undefined) return null;
  return {
    venueId,
    incarnation,
    version,
    planRevision: Number(plan ?? 0),
    erasures: Number(erasures ?? 0),
    removals: Number(erasures ?? 0) + Number(forgotten ?? 0),
    pseudonymKey,
    place: readPlace(place),
    settings: { ...defaultSettings(venueId), ...(JSON.parse(settings) as Partial<VenueSettings>) },
    keys: new VenueKeys(venueId, incarnation),
  };
}

/** Ids of all venues, in no order. */
export function listVenueIds(redis: RedisClient): Promise<string[]> {
  return redis.smembers(VENUES_KEY);
}

/** What came of a wish to create or change a venue. */
export type SaveOutcome =
  | { readonly outcome: "created" | "changed" | "unchanged"; readonly record: VenueRecord }
  /** The settings would not fit together; `trouble` names the member and the allowed range. */
  | { readonly outcome: "invalid"; readonly trouble: string }
  /** The cap is fixed: the venue has fixes. */
  | { readonly outcome: "cap-fixed"; readonly cap: number }
  /** How devices are named is fixed: the venue has fixes, or credentials of devices. */
  | { readonly outcome: "pseudonyms-fixed"; readonly pseudonyms: boolean };

/** What a new venue has that only time changes. */
const UNTOUCHED = { planRevision: 0, erasures: 0, removals: 0, place: null };

/** Changes tried again because another came in between; more in a row than any number of operators cause. */
const SAVE_ATTEMPTS = 100;

/** Creates, changes and deletes venues, each in one step, whoever else does so at the same time. */
export class VenueEditor {
  private readonly redis: RedisClient;
  private readonly pseudonyms: Pseudonyms;
  private readonly saveScript: RunScript;
  private readonly deleteScript: RunScript;
  private readonly planScript: RunScript;

  /** @param pseudonyms makes venues with pseudonyms, where the machine has a key for that */
  constructor(redis: RedisClient, pseudonyms = new Pseudonyms(null)) {
    this.redis = redis;
    this.pseudonyms = pseudonyms;
    this.saveScript = defineScript(redis, "encounterSaveVenue", SAVE_VENUE_SCRIPT);
    this.deleteScript = defineScript(redis, "encounterDeleteVenue", DELETE_VENUE_SCRIPT);
    this.planScript = defineScript(redis, "encounterStorePlan", STORE_PLAN_SCRIPT);
  }

  /** Creates a venue or changes it; absent settings keep their value or default. */
  async save(venueId: string, change: VenueChange): Promise<SaveOutcome> {
    for (let attempt = 0; attempt < SAVE_ATTEMPTS; attempt++) {
      const outcome = await this.trySave(venueId, change, await loadVenue(this.redis, venueId));
      if (outcome !== "overtaken") return outcome;
    }
    throw new Error("the venue changes without pause");
  }

  private async trySave(
    venueId: string,
    change: VenueChange,
    stored: VenueRecord | null,
  ): Promise<SaveOutcome | "overtaken"> {
    const before = stored?.settings ?? defaultSettings(venueId);
    const settings: VenueSettings = { ...before, ...change };
    const trouble = settingsTrouble(settings);
    if (trouble !== null) return { outcome: "invalid", trouble };
    if (stored !== null && isSame(before, settings)) return { outcome: "unchanged", record: stored };

    const incarnation = stored?.incarnation ?? randomBytes(8).toString("hex");
    const version = randomBytes(8).toString("hex");
    const keys = stored?.keys ?? new VenueKeys(venueId, incarnation);
    const pseudonymKey = this.pseudonymKeyOf(venueId, incarnation, settings, stored);
    if (pseudonymKey === undefined) {
      return { outcome: "invalid", trouble: "pseudonyms takes a MACHINE_KEY, the same for ingest and api" };
    }
    // Listed before and after: an id that leads to no venue is skipped, a venue that is not listed would be lost,
    // be it by a crash or by somebody who deletes its forerunner at this moment.
    if (stored === null) await this.redis.sadd(VENUES_KEY, venueId);
    const saved = await this.saveScript(
      [venueRecordKey(venueId), keys.minutes],
      [
        stored?.version ?? "",
        version,
        incarnation,
        JSON.stringify(settings),
        stored !== null && settings.cap !== before.cap ? "1" : "0",
        pseudonymKey ?? "",
        stored !== null && settings.pseudonyms !== before.pseudonyms ? "1" : "0",
      ],
    );
    if (saved === 0) return "overtaken";
    if (saved === -1) return { outcome: "cap-fixed", cap: before.cap };
    if (saved === -2) return { outcome: "pseudonyms-fixed", pseudonyms: before.pseudonyms };
    if (stored === null) await this.redis.sadd(VENUES_KEY, venueId);
    const { planRevision, erasures, removals, place } = stored ?? UNTOUCHED;
    const record = {
      venueId,
      incarnation,
      version,
      planRevision,
      erasures,
      removals,
      pseudonymKey,
      place,
      settings,
      keys,
    };
    return { outcome: stored === null ? "created" : "changed", record };
  }

  /** The fingerprint to note; the one that is noted stays. Undefined where the machine has no key. */
  private pseudonymKeyOf(
    venueId: string,
    incarnation: string,
    settings: VenueSettings,
    stored: VenueRecord | null,
  ): string | null | undefined {
    if (!settings.pseudonyms) return null;
    if (stored?.settings.pseudonyms) return stored.pseudonymKey;
    try {
      return this.pseudonyms.fingerprint(venueId, incarnation);
    } catch (error) {
      if (error instanceof PseudonymKeyError) return undefined;
      throw error;
    }
  }

  /** Ends a venue; false where it has ended already. What it stored is left to a `purge` job. */
  async delete({ venueId, incarnation }: VenueRecord): Promise<boolean> {
    const deleted = await this.deleteScript([venueRecordKey(venueId)], [incarnation]);
    if (deleted !== 1) return false;
    await this.redis.srem(VENUES_KEY, venueId);
    // Where it was created anew in between, its name must not be missing.
    if ((await loadVenue(this.redis, venueId)) !== null) await this.redis.sadd(VENUES_KEY, venueId);
    return true;
  }

  /** Stores a floor plan as JSON text; false where the venue has ended. */
  async storePlan({ venueId, incarnation, keys }: VenueRecord, plan: string): Promise<boolean> {
    return (await this.planScript([venueRecordKey(venueId), keys.plan], [incarnation, plan])) !== -1;
  }
}

/** The stored floor plan's text, or null where there is none. */
export function loadPlan(redis: RedisClient, { keys }: VenueRecord): Promise<string | null> {
  return redis.get(keys.plan);
}

function isSame(a: VenueSettings, b: VenueSettings): boolean {
  return (Object.keys(b) as (keyof VenueSettings)[]).every((name) => a[name] === b[name]);
}
