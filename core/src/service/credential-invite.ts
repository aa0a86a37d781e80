import { createHash, randomInt } from "node:crypto";
import { STORE_INVITE_SCRIPT, USE_INVITE_SCRIPT } from "../storage/credential-scripts.ts";
import { inviteVenueKey, venueRecordKey } from "../storage/keys.ts";
import { createDeviceToken, type IssuedToken } from "./credential-store.ts";
import { encodeVenueReference, followVenueReference } from "./credential-venue-reference.ts";
import { Pseudonyms } from "./pseudonyms.ts";
import type { RedisClient } from "./redis.ts";
import { defineScript } from "./script.ts";
import type { VenueRecord } from "./venue-store.ts";

/** Most devices that one code lets in. */
export const INVITE_USES_MAX = 100_000;

/** Digits and capitals without I, L, O and U, which are misread or misspeak (Crockford's base 32). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 60 random bits: too many to guess at the door, and to search for in a stolen store for years. */
const CODE_LENGTH = 12;
const GROUP = /.{4}(?=.)/g;

/** A code that a person types into a device; like a secret, it is not to be read again. */
export interface Invite {
  readonly code: string;
  readonly maxUses: number;
}

/** What became of a device that came with a code. */
export type Entry = "let_in" | "let_in_again" | "used_up" | "unknown";

/** Makes a code such as `7K2M-Q9XD-4TZC` that lets `maxUses` devices in; null where the venue is gone. */
export async function createInvite(redis: RedisClient, record: VenueRecord, maxUses: number): Promise<Invite | null> {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const codeHash = hashCode(code);
  const { venueId, incarnation, keys } = record;
  const store = defineScript(redis, "encounterStoreInvite", STORE_INVITE_SCRIPT);
  const stored = await store(
    [venueRecordKey(venueId), keys.invite(codeHash), keys.inviteCodes],
    [incarnation, codeHash, maxUses],
  );
  if (stored !== 1) return null;
  await redis.set(inviteVenueKey(codeHash), encodeVenueReference(record));
  return { code: code.replace(GROUP, "$&-"), maxUses };
}

/** The venue that a code lets devices into; null where no such code is, or its venue is gone. */
export async function findInviteVenue(redis: RedisClient, code: string): Promise<VenueRecord | null> {
  const canonical = canonicalCode(code);
  if (canonical === null) return null;
  return followVenueReference(redis, inviteVenueKey(hashCode(canonical)));
}

/**
 * Lets a device into the venue of the code. Never more than `maxUses` devices, however many come at once. A device
 * that was let in before may come again (its answer was lost, its storage erased) and uses up nothing.
 */
export async function useInvite(
  redis: RedisClient,
  record: VenueRecord,
  code: string,
  deviceId: string,
  nowMs = Date.now(),
): Promise<Entry> {
  const canonical = canonicalCode(code);
  if (canonical === null) return "unknown";
  const use = defineScript(redis, "encounterUseInvite", USE_INVITE_SCRIPT);
  const keys = [venueRecordKey(record.venueId), record.keys.invite(hashCode(canonical))];
  switch (await use(keys, [record.incarnation, deviceId, nowMs])) {
    case 1:
      return "let_in";
    case 2:
      return "let_in_again";
    case -1:
      return "used_up";
    default:
      return "unknown";
  }
}

/** A token for the device, with its venue; or why the code gives none. */
export type Activation = (IssuedToken & { readonly venueId: string }) | "used_up" | "unknown";

/**
 * Exchanges a code for a device token. The same device may do so again: what the code gave it before then lives on for
 * the grace of a rotation only, so that a code never gives one device two long-lived tokens.
 */
export async function activate(
  redis: RedisClient,
  code: string,
  deviceId: string,
  nowMs = Date.now(),
  pseudonyms = new Pseudonyms(null),
): Promise<Activation> {
  const record = await findInviteVenue(redis, code);
  if (record === null) return "unknown";
  const name = pseudonyms.of(record, deviceId);
  const entry = await useInvite(redis, record, code, name, nowMs);
  if (entry === "used_up" || entry === "unknown") return entry;
  const issued = await createDeviceToken(redis, record, name, nowMs, hashCode(canonicalCode(code) ?? ""));
  return issued === null ? "unknown" : { ...issued, venueId: record.venueId };
}

/** A code as it was made, from what a person typed: any case, spaces and dashes, O for 0, I and L for 1. */
function canonicalCode(typed: string): string | null {
  if (typed.length > 4 * CODE_LENGTH) return null;
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return code.length === CODE_LENGTH && [...code].every((character) => ALPHABET.includes(character)) ? code : null;
}

function hashCode(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}
