/**
 * Names of all Redis keys, said once. Everything of one venue carries the hash tag `{v:<encoded id>}`, so every script
 * touches one slot of a cluster. The incarnation tells a venue from an earlier one of the same id: what a deleted
 * venue left behind is never read again, whatever still runs.
 */

/** Ids of all venues, a set. */
export const VENUES_KEY = "encounter:venues";

/** Prefix of BullMQ's keys: one hash tag, so that its scripts work on a cluster. */
export const QUEUE_PREFIX = "{encounter}";

/** Held by whoever has Redis write its append-only files anew. It expires. */
export const REWRITE_TURN_KEY = "encounter:rewriting";

/** A venue's or device's id as part of a key or token: no character that a tag, a pattern or a URL gives a meaning. */
export function encodeId(id: string): string {
  return encodeURIComponent(id).replaceAll("*", "%2A");
}

/** The id that {@link encodeId} encoded. */
export function decodeId(encoded: string): string {
  return decodeURIComponent(encoded);
}

/** Key of the venue's record: incarnation, version and settings, a hash. It alone outlives an incarnation. */
export function venueRecordKey(venueId: string): string {
  return `{v:${encodeId(venueId)}}:venue`;
}

/** Which venue an invite code is of: a code is typed by a person and names none. */
export function inviteVenueKey(codeHash: string): string {
  return `{i:${codeHash}}:venue`;
}

/** Which venue a device of the MappedIn contract was last activated for: its token call names none. */
export function mappedinVenueKey(deviceId: string): string {
  return `{d:${encodeId(deviceId)}}:mappedin`;
}

/** A session of the operators' door, by the hash of what its cookie holds. It expires. */
export function sessionKey(hash: string): string {
  return `encounter:session:${hash}`;
}

/** A one-time sign-in link, by the hash of its code. It expires. */
export function signInKey(hash: string): string {
  return `encounter:sign-in:${hash}`;
}

/** Accounts of the operators' door by name, a hash. */
export const ACCOUNTS_KEY = "encounter:accounts";

/** A one-time link to set a password, by the hash of its code. It expires. */
export function passwordLinkKey(hash: string): string {
  return `encounter:password:${hash}`;
}

/** An OpenID sign-in under way, by the hash of what its cookie holds. It expires. */
export function openIdKey(hash: string): string {
  return `encounter:openid:${hash}`;
}

/** Failed sign-ins of an account or from an address, by a keyed hash. It expires. */
export function throttleKey(of: "account" | "address", hash: string): string {
  return `encounter:throttle:${of}:${hash}`;
}

/** A time step of an account's second factor that was used, by a keyed hash. It expires. */
export function totpUsedKey(hash: string): string {
  return `encounter:totp:${hash}`;
}

/** A second factor that was offered to an account and not confirmed yet. It expires. */
export function totpOfferKey(name: string): string {
  return `encounter:totp-offer:${encodeId(name)}`;
}

/** The audit log, a stream whose ids count from 1-0, and what is known of its end, a hash. */
export const AUDIT_LOG_KEY = "{encounter:audit}:log";
export const AUDIT_HEAD_KEY = "{encounter:audit}:head";

/** What the log's chain hangs on since its oldest entries were removed: the last of them, a hash. */
export const AUDIT_ANCHOR_KEY = "{encounter:audit}:anchor";

/** Says that a window that somebody watches is in the log already, by a keyed hash. It expires. */
export function auditSeenKey(hash: string): string {
  return `{encounter:audit}:seen:${hash}`;
}

/** Minutes that one timeline chunk spans; a minute's offset in it fits a byte. */
export const CHUNK_MINUTES = 240;

/** The chunk of a timeline a minute falls in. */
export function chunkOf(minute: number): number {
  return Math.floor(minute / CHUNK_MINUTES);
}

/** Minutes of a day (UTC), which a record of activity spans. */
export const DAY_MINUTES = 1_440;

/** The day a minute falls in, by its number since the Unix epoch. */
export function dayOf(minute: number): number {
  return Math.floor(minute / DAY_MINUTES);
}

/** Keys of one incarnation of a venue. */
export class VenueKeys {
  /** What every key below starts with; a `SCAN` pattern for all of them is this and `*`. */
  readonly prefix: string;

  constructor(venueId: string, incarnation: string) {
    this.prefix = `{v:${encodeId(venueId)}}:${incarnation}:`;
  }

  /** Counters, a hash: `unevaluated`, `received`, `devices` (numbers given out), `newest` (evaluated minute). */
  get state(): string {
    return `${this.prefix}state`;
  }

  /** Device id to number, a hash. Numbers stand for devices in every record below. */
  get devices(): string {
    return `${this.prefix}devices`;
  }

  /** Number to device id, a hash. */
  get names(): string {
    return `${this.prefix}names`;
  }

  /** Device numbers by the time of their first evaluated fix, a sorted set. */
  get firstSeen(): string {
    return `${this.prefix}first`;
  }

  /** Device numbers by the time of their last evaluated fix, a sorted set. */
  get lastSeen(): string {
    return `${this.prefix}last`;
  }

  /** Minutes that hold fixes, a sorted set by minute. */
  get minutes(): string {
    return `${this.prefix}minutes`;
  }

  /** Minutes with fixes that the contacts do not reflect yet, a sorted set by minute. */
  get pending(): string {
    return `${this.prefix}pending`;
  }

  /** Batches of fixes as they were stored and notices of evaluated minutes, a short stream for the live map. */
  get stream(): string {
    return `${this.prefix}stream`;
  }

  /** The floor plan, GeoJSON text. */
  get plan(): string {
    return `${this.prefix}plan`;
  }

  /** Gateway keys by id, a hash. */
  get gatewayKeys(): string {
    return `${this.prefix}keys`;
  }

  /** The secret that signs the MappedIn contract's device JWTs. */
  get jwtSecret(): string {
    return `${this.prefix}jwt-secret`;
  }

  /** Hashes of the venue's invite codes, a set: which {@link inviteVenueKey}s to drop with the venue. */
  get inviteCodes(): string {
    return `${this.prefix}invites`;
  }

  /** Devices activated by the MappedIn contract, a set: which {@link mappedinVenueKey}s to drop with the venue. */
  get mappedinDevices(): string {
    return `${this.prefix}mappedin`;
  }

  /** Ids of erasures that are not complete, a set. */
  get erasing(): string {
    return `${this.prefix}erasing`;
  }

  /** Ids of all erasures whose receipts are kept, a sorted set by the time they were asked for (ms). */
  get erasures(): string {
    return `${this.prefix}erasures`;
  }

  /** An erasure: what is asked for and what was done, a hash. Once complete it names no device, and expires. */
  erasure(erasureId: string): string {
    return `${this.prefix}erasure:${erasureId}`;
  }

  /** Tokens of one device by id, a hash that expires with the last of them. */
  deviceTokens(deviceId: string): string {
    return `${this.prefix}tokens:${encodeId(deviceId)}`;
  }

  /** An invite code: how many devices it lets in and which it let in, a hash. */
  invite(codeHash: string): string {
    return `${this.prefix}invite:${codeHash}`;
  }

  /** The minute's fixes, a hash from device number to record. */
  fixes(minute: number): string {
    return `${this.prefix}fixes:${minute}`;
  }

  /** About a minute, a hash: `n` fixes accepted, `e` of them evaluated, `r` largest radius in metres. */
  minute(minute: number): string {
    return `${this.prefix}minute:${minute}`;
  }

  /** Occupied cells of a minute with their count, a sorted set that lives an hour. */
  cells(minute: number): string {
    return `${this.prefix}cells:${minute}`;
  }

  /** Geo set of one floor in a minute, device numbers; lives an hour. */
  index(minute: number, floor: number): string {
    return `${this.prefix}index:${minute}:${floor}`;
  }

  /** The minute's pairs, an append-only string of records in the order of their newer fix. */
  pairs(minute: number): string {
    return `${this.prefix}pairs:${minute}`;
  }

  /** How much was going on in each minute of a day (UTC), a string of records. */
  activity(day: number): string {
    return `${this.prefix}activity:${day}`;
  }

  /** Four hours of one device's pair-minutes, an append-only string of records. */
  timeline(deviceNumber: number, chunk: number): string {
    return `${this.prefix}timeline:${deviceNumber}:${chunk}`;
  }
}
