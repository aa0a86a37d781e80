import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { idTrouble } from "../wire/identity.ts";

/**
 * Texts of credentials. They name their venue (and device), so that one look-up finds them, and consist of characters
 * that both a header and a WebSocket subprotocol allow (RFC 7230 `tchar`):
 *
 *     ek_<venue>.<id>.<secret>            gateway key
 *     dt_<venue>.<device>.<id>.<secret>   device token
 *
 * venue and device are base64url of their UTF-8. The secret has 256 random bits; only its SHA-256 is stored.
 */

/** What a credential's text says of itself; nothing of it is proved yet. */
export interface ClaimedCredential {
  readonly kind: "gateway" | "device";
  readonly venueId: string;
  /** The one device, or null for a gateway. */
  readonly deviceId: string | null;
  readonly credentialId: string;
  readonly secret: string;
}

/** The longest text that is looked at: ids of 128 characters of 3 bytes each fit. */
const TEXT_LENGTH_MAX = 1_200;
const ID_BYTES = 9;
const SECRET_BYTES = 32;
const GATEWAY_KEY = /^ek_([\w-]+)\.([\w-]{12})\.([\w-]{43})$/;
const DEVICE_TOKEN = /^dt_([\w-]+)\.([\w-]+)\.([\w-]{12})\.([\w-]{43})$/;

/** A new credential with its secret. */
export function newCredential(venueId: string, deviceId: string | null): ClaimedCredential {
  return {
    kind: deviceId === null ? "gateway" : "device",
    venueId,
    deviceId,
    credentialId: randomBytes(ID_BYTES).toString("base64url"),
    secret: randomBytes(SECRET_BYTES).toString("base64url"),
  };
}

/** The text that its owner is given, once. */
export function credentialText(credential: ClaimedCredential): string {
  const { venueId, deviceId, credentialId, secret } = credential;
  const start = deviceId === null ? `ek_${pack(venueId)}` : `dt_${pack(venueId)}.${pack(deviceId)}`;
  return `${start}.${credentialId}.${secret}`;
}

/** Reads a text; null where it is no credential of this form. */
export function parseCredential(text: string): ClaimedCredential | null {
  if (text.length > TEXT_LENGTH_MAX) return null;
  const gateway = GATEWAY_KEY.exec(text);
  if (gateway !== null) return claimed("gateway", gateway[1], undefined, gateway[2], gateway[3]);
  const device = DEVICE_TOKEN.exec(text);
  if (device !== null) return claimed("device", device[1], device[2], device[3], device[4]);
  return null;
}

/** What is stored of a secret, hex. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether a secret is the one of the stored hash, in a time that does not tell how nearly. */
export function isSecretOf(secret: string, storedHash: string): boolean {
  const offered = Buffer.from(hashSecret(secret));
  const stored = Buffer.from(storedHash);
  return offered.length === stored.length && timingSafeEqual(offered, stored);
}

function claimed(
  kind: ClaimedCredential["kind"],
  packedVenue: string | undefined,
  packedDevice: string | undefined,
  credentialId: string | undefined,
  secret: string | undefined,
): ClaimedCredential | null {
  const venueId = unpack(packedVenue);
  const deviceId = unpack(packedDevice);
  if (venueId === null || (kind === "device" && deviceId === null)) return null;
  if (credentialId === undefined || secret === undefined) return null;
  return { kind, venueId, deviceId, credentialId, secret };
}

function pack(id: string): string {
  return Buffer.from(id, "utf8").toString("base64url");
}

/** Only what {@link pack} wrote is read: a credential has one text. */
function unpack(packed: string | undefined): string | null {
  if (packed === undefined) return null;
  const id = Buffer.from(packed, "base64url").toString("utf8");
  return pack(id) === packed && idTrouble(id) === null ? id : null;
}
