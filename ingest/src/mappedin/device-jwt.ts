import { findMappedinVenue, keepMappedinDevice, readJwtSecret } from "@encounter/core/service/credential-mappedin";
import type { Grant } from "@encounter/core/service/credential-store";
import type { Pseudonyms } from "@encounter/core/service/pseudonyms";
import type { RedisClient } from "@encounter/core/service/redis";
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { decodeJwt } from "jose/jwt/decode";

/** The only signature there is: HMAC with the venue's secret. */
const ALGORITHM = "HS256";
const LIFETIME_MS = 3_600_000;

export interface DeviceJwt {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** A token that lets a device speak for itself in its venue for an hour; null where the device is active in none. */
export async function issueDeviceJwt(
  redis: RedisClient,
  pseudonyms: Pseudonyms,
  deviceId: string,
  nowMs: number,
): Promise<DeviceJwt | null> {
  const record = await findMappedinVenue(redis, deviceId, pseudonyms);
  const secret = record === null ? null : await readJwtSecret(redis, record);
  if (record === null || secret === null) return null;
  await keepMappedinDevice(redis, record, deviceId, pseudonyms);
  const expiresAtS = Math.floor((nowMs + LIFETIME_MS) / 1_000);
  const token = await new SignJWT({ venue: record.venueId, device: deviceId })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .setExpirationTime(expiresAtS)
    .sign(secret);
  return { token, expiresAtMs: expiresAtS * 1_000 };
}

/**
 * Whom a token speaks for, or null where it is not valid: not ours, expired, of a venue that is gone or does not serve
 * this contract any more, or of a device whose activation ended or is for another venue by now.
 */
export async function verifyDeviceJwt(
  redis: RedisClient,
  pseudonyms: Pseudonyms,
  token: string,
  nowMs: number,
): Promise<Grant | null> {
  const claimed = claimsOf(token);
  if (claimed === null) return null;
  const record = await findMappedinVenue(redis, claimed.device, pseudonyms);
  if (record === null || record.venueId !== claimed.venue) return null;
  const secret = await readJwtSecret(redis, record);
  const payload = secret === null ? null : await signedPayload(token, secret, nowMs);
  if (payload?.exp === undefined) return null;
  return {
    venueId: record.venueId,
    incarnation: record.incarnation,
    kind: "device",
    deviceId: claimed.device,
    credentialId: `mappedin.${JSON.stringify([record.venueId, claimed.device])}`,
    expiresAtMs: payload.exp * 1_000,
  };
}

/** What a token says before anything of it is proved. */
function claimsOf(token: string): { venue: string; device: string } | null {
  try {
    const { venue, device } = decodeJwt(token);
    return typeof venue === "string" && typeof device === "string" ? { venue, device } : null;
  } catch {
    return null;
  }
}

async function signedPayload(token: string, secret: Uint8Array, nowMs: number): Promise<JWTPayload | null> {
  try {
    const options = { algorithms: [ALGORITHM], currentDate: new Date(nowMs) };
    return (await jwtVerify(token, secret, options)).payload;
  } catch {
    return null;
  }
}
