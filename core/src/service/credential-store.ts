import { STORE_DEVICE_TOKEN_SCRIPT, STORE_GATEWAY_KEY_SCRIPT } from "../storage/credential-scripts.ts";
import { VenueKeys, venueRecordKey } from "../storage/keys.ts";
import { deactivateMappedinDevice } from "./credential-mappedin.ts";
import {
  type ClaimedCredential,
  credentialText,
  hashSecret,
  isSecretOf,
  newCredential,
  parseCredential,
} from "./credential-token.ts";
import type { RedisClient } from "./redis.ts";
import { defineScript } from "./script.ts";
import type { VenueRecord } from "./venue-store.ts";

/**
 * Credentials of the devices' door. Only hashes of secrets are stored, under keys of the venue's incarnation: deleting
 * the venue ends them all. Every function rejects where Redis does not answer, which says nothing of the credential.
 */

/** How long a device token lives: 30 days. `POST /v1/token` exchanges it for a new one before that. */
export const DEVICE_TOKEN_LIFETIME_MS = 30 * 86_400_000;
/** How long a token lives on after it was exchanged for a new one: a lost answer can be asked for again. */
export const ROTATION_GRACE_MS = 5 * 60_000;

/** Whom a valid credential may speak for. */
export interface Grant {
  readonly venueId: string;
  readonly incarnation: string;
  readonly kind: "gateway" | "device";
  /** The one device, or null for any of the venue. */
  readonly deviceId: string | null;
  readonly credentialId: string;
  /** When it ends, or null where it does not by itself. */
  readonly expiresAtMs: number | null;
}

/** A device token as its owner is given it, once. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** A gateway key as operators see it. */
export interface GatewayKey {
  readonly id: string;
  readonly name: string;
  readonly createdMs: number;
}

/** Whom a token speaks for, or null where it is not, or no longer, valid. */
export async function verify(redis: RedisClient, token: string, nowMs = Date.now()): Promise<Grant | null> {
  const claimed = parseCredential(token);
  if (claimed === null) return null;
  const [grant] = await verifyInVenue(redis, claimed.venueId, [claimed], nowMs);
  return grant ?? null;
}

/** {@link verify} for many credentials of one venue, in their order. */
export async function verifyInVenue(
  redis: RedisClient,
  venueId: string,
  credentials: readonly ClaimedCredential[],
  nowMs: number,
): Promise<(Grant | null)[]> {
  const incarnation = await redis.hget(venueRecordKey(venueId), "incarnation");
  if (incarnation === null) return credentials.map(() => null);
  const keys = new VenueKeys(venueId, incarnation);
  const pipeline = redis.pipeline();
  for (const { deviceId, credentialId } of credentials) {
    pipeline.hget(deviceId === null ? keys.gatewayKeys : keys.deviceTokens(deviceId), credentialId);
  }
  const answers = (await pipeline.exec()) ?? [];
  return credentials.map((credential, index) => {
    const [error, stored] = answers[index] ?? [new Error("no answer"), null];
    if (error !== null) throw error;
    return grantOf(credential, incarnation, stored as string | null, nowMs);
  });
}

/** Makes a key for any device of the venue; null where the venue is gone. The key is not to be read again. */
export async function createGatewayKey(
  redis: RedisClient,
  record: VenueRecord,
  name: string,
  nowMs = Date.now(),
): Promise<{ id: string; key: string } | null> {
  const credential = newCredential(record.venueId, null);
  const kept: StoredGatewayKey = { name, hash: hashSecret(credential.secret), created: nowMs };
  const store = defineScript(redis, "encounterStoreGatewayKey", STORE_GATEWAY_KEY_SCRIPT);
  const stored = await store(
    [venueRecordKey(record.venueId), record.keys.gatewayKeys],
    [record.incarnation, credential.credentialId, JSON.stringify(kept)],
  );
  return stored === 1 ? { id: credential.credentialId, key: credentialText(credential) } : null;
}

/** The venue's gateway keys, oldest first. */
export async function listGatewayKeys(redis: RedisClient, record: VenueRecord): Promise<GatewayKey[]> {
  const keys = Object.entries(await redis.hgetall(record.keys.gatewayKeys)).map(([id, text]) => {
    const { name, created } = JSON.parse(text) as StoredGatewayKey;
    return { id, name, createdMs: created };
  });
  return keys.sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
}

/** Ends a gateway key; false where there is none of this id. */
export async function revokeGatewayKey(redis: RedisClient, record: VenueRecord, id: string): Promise<boolean> {
  return (await redis.hdel(record.keys.gatewayKeys, id)) === 1;
}

/**
 * Makes a token for one device; null where the venue is gone. Tokens of the device from before stay valid, up to 16.
 * With a `lineage` (an invite's hash) those of the same lineage live on for {@link ROTATION_GRACE_MS} only.
 */
export function createDeviceToken(
  redis: RedisClient,
  record: VenueRecord,
  deviceId: string,
  nowMs = Date.now(),
  lineage?: string,
): Promise<IssuedToken | null> {
  const { venueId, incarnation } = record;
  return storeDeviceToken(redis, { venueId, incarnation, deviceId, lineage, replacedId: "" }, nowMs);
}

/** Ends all tokens of a device, and its activation by the MappedIn contract; false where it had none. */
export async function revokeDeviceTokens(redis: RedisClient, record: VenueRecord, deviceId: string): Promise<boolean> {
  const tokensEnded = (await redis.del(record.keys.deviceTokens(deviceId))) === 1;
  const activationEnded = await deactivateMappedinDevice(redis, record, deviceId);
  return tokensEnded || activationEnded;
}

/**
 * Makes a new token for the device of a valid one, which lives on for {@link ROTATION_GRACE_MS}; null where it is not
 * valid any more. Asked again (the answer was lost), it makes another; the one nobody received ends as well.
 */
export async function rotate(redis: RedisClient, grant: Grant, nowMs = Date.now()): Promise<IssuedToken | null> {
  const { venueId, incarnation, deviceId, credentialId } = grant;
  if (deviceId === null) return null;
  return storeDeviceToken(redis, { venueId, incarnation, deviceId, lineage: "", replacedId: credentialId }, nowMs);
}

interface StoredGatewayKey {
  readonly name: string;
  readonly hash: string;
  readonly created: number;
}

interface TokenOrder {
  readonly venueId: string;
  readonly incarnation: string;
  readonly deviceId: string;
  /** Absent: the token begins its own. */
  readonly lineage: string | undefined;
  readonly replacedId: string;
}

async function storeDeviceToken(redis: RedisClient, order: TokenOrder, nowMs: number): Promise<IssuedToken | null> {
  const { venueId, incarnation, deviceId, lineage, replacedId } = order;
  const credential = newCredential(venueId, deviceId);
  const { credentialId, secret } = credential;
  const expiresAtMs = nowMs + DEVICE_TOKEN_LIFETIME_MS;
  const store = defineScript(redis, "encounterStoreDeviceToken", STORE_DEVICE_TOKEN_SCRIPT);
  const stored = await store(
    [venueRecordKey(venueId), new VenueKeys(venueId, incarnation).deviceTokens(deviceId)],
    [
      incarnation,
      nowMs,
      credentialId,
      expiresAtMs,
      hashSecret(secret),
      lineage ?? credentialId,
      ROTATION_GRACE_MS,
      replacedId,
    ],
  );
  return stored === 1 ? { token: credentialText(credential), expiresAtMs } : null;
}

function grantOf(claimed: ClaimedCredential, incarnation: string, stored: string | null, nowMs: number): Grant | null {
  if (stored === null) return null;
  const { kind, venueId, deviceId, credentialId, secret } = claimed;
  const { hash, expiresAtMs } = kind === "gateway" ? readGatewayKey(stored) : readDeviceToken(stored);
  if (!isSecretOf(secret, hash)) return null;
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return null;
  return { venueId, incarnation, kind, deviceId, credentialId, expiresAtMs };
}

function readGatewayKey(stored: string): { hash: string; expiresAtMs: null } {
  return { hash: (JSON.parse(stored) as StoredGatewayKey).hash, expiresAtMs: null };
}

/** `expiry ms:lineage:hash`, as the script stores it. */
function readDeviceToken(stored: string): { hash: string; expiresAtMs: number } {
  const [expiry, , hash] = stored.split(":");
  return { hash: hash ?? "", expiresAtMs: Number(expiry) };
}
