import { createHmac } from "node:crypto";

/** The key of a venue's pseudonyms is missing, or it is another than the venue's pseudonyms were made with. */
export class PseudonymKeyError extends Error {
  override readonly name = "PseudonymKeyError";
}

/** What of a venue says how its devices are named in the store. */
export interface NamedVenue {
  readonly venueId: string;
  readonly incarnation: string;
  /** Fingerprint of the key that its pseudonyms are made with; null where it has none. */
  readonly pseudonymKey: string | null;
  readonly settings: { readonly pseudonyms: boolean };
}

/** 192 bits of HMAC-SHA-256 as base64url. */
const DIGEST_CHARACTERS = 32;
const PSEUDONYM = /^p_[\w-]{32}$/;
const FINGERPRINT_CHARACTERS = 16;
/** Pseudonyms remembered in all, so that a fix costs no hash: some 20 MB. */
const REMEMBERED_MAX = 100_000;

/**
 * What the store knows devices by: their own id, or in venues with the setting `pseudonyms` a keyed hash of it, so that
 * who has the store but not the machine's key cannot tell whose it is. A text in the form of a pseudonym stands for
 * itself, so that answers can be asked about.
 */
export class Pseudonyms {
  private readonly machineKey: string | null;
  private readonly venues = new Map<string, VenuePseudonyms>();
  private rememberedCount = 0;

  /** @param machineKey null on a machine without one: it serves venues without pseudonyms alone */
  constructor(machineKey: string | null) {
    this.machineKey = machineKey;
  }

  /** What a venue's store knows a device by. @throws PseudonymKeyError */
  of(venue: NamedVenue, deviceId: string): string {
    if (!venue.settings.pseudonyms || PSEUDONYM.test(deviceId)) return deviceId;
    this.check(venue);
    const { key, known } = this.inVenue(venue.venueId, venue.incarnation);
    const remembered = known.get(deviceId);
    if (remembered !== undefined) return remembered;
    const pseudonym = `p_${digest(key, deviceId)}`;
    this.makeRoom();
    known.set(deviceId, pseudonym);
    return pseudonym;
  }

  /** Makes sure that the venue's devices can be named. @throws PseudonymKeyError */
  check({ venueId, incarnation, pseudonymKey, settings }: NamedVenue): void {
    if (!settings.pseudonyms || this.fingerprint(venueId, incarnation) === pseudonymKey) return;
    throw new PseudonymKeyError(
      `the pseudonyms of venue ${JSON.stringify(venueId)} were made with another MACHINE_KEY: set the one they were made with`,
    );
  }

  /** What a venue notes of the key that its pseudonyms are made with. @throws PseudonymKeyError without a key */
  fingerprint(venueId: string, incarnation: string): string {
    return this.inVenue(venueId, incarnation).fingerprint;
  }

  /** What a device is known by outside of any venue; null without a key. */
  outsideVenues(deviceId: string): string | null {
    return this.machineKey === null ? null : `m_${digest(derive(this.machineKey, "devices"), deviceId)}`;
  }

  /** A key of its own for each venue: who appears in two of them cannot be told from the store. */
  private inVenue(venueId: string, incarnation: string): VenuePseudonyms {
    if (this.machineKey === null) {
      throw new PseudonymKeyError(
        `venue ${JSON.stringify(venueId)} keeps pseudonyms: set MACHINE_KEY, the same for ingest and api`,
      );
    }
    const place = `${incarnation} ${venueId}`;
    let venue = this.venues.get(place);
    if (venue === undefined) {
      const key = derive(this.machineKey, `pseudonyms\n${JSON.stringify([venueId, incarnation])}`);
      // No device has an id with a control character.
      const fingerprint = digest(key, "\nfingerprint").slice(0, FINGERPRINT_CHARACTERS);
      venue = { key, fingerprint, known: new Map() };
      this.makeRoom();
      this.venues.set(place, venue);
    }
    return venue;
  }

  private makeRoom(): void {
    if (++this.rememberedCount <= REMEMBERED_MAX) return;
    for (const { known } of this.venues.values()) known.clear();
    this.rememberedCount = 0;
  }
}

/** A venue's key, its fingerprint, and pseudonyms made with it by device ids. */
interface VenuePseudonyms {
  readonly key: Buffer;
  readonly fingerprint: string;
  readonly known: Map<string, string>;
}

/** A key for one use, so that what is made for one says nothing of another. */
function derive(machineKey: string, use: string): Buffer {
  return createHmac("sha256", machineKey).update(`encounter ${use}`).digest();
}

function digest(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url").slice(0, DIGEST_CHARACTERS);
}
