import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startVenues, type VenuesUnderTest } from "../../test/venues-under-test.ts";
import { TOKENS_PER_DEVICE_MAX } from "../storage/credential-scripts.ts";
import {
  createDeviceToken,
  createGatewayKey,
  DEVICE_TOKEN_LIFETIME_MS,
  type Grant,
  type IssuedToken,
  listGatewayKeys,
  ROTATION_GRACE_MS,
  revokeDeviceTokens,
  revokeGatewayKey,
  rotate,
  verify,
} from "./credential-store.ts";
import type { VenueEditor, VenueRecord } from "./venue-store.ts";

let under: VenuesUnderTest;
let redis: Redis;
let venues: VenueEditor;
let venue: VenueRecord;

beforeAll(async () => {
  under = await startVenues();
  ({ redis, venues } = under);
});

afterAll(() => under.stop());

beforeEach(async () => {
  await redis.flushall();
  venue = await createVenue("Grüße {*} 東京");
});

const createVenue = (venueId: string) => under.newVenue(venueId);

async function createToken(deviceId: string, nowMs?: number, lineage?: string): Promise<IssuedToken> {
  return present(await createDeviceToken(redis, venue, deviceId, nowMs, lineage));
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error("nothing was made");
  return value;
}

async function storedText(): Promise<string> {
  const keys = await redis.keys("*");
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return Buffer.concat(dumps.map((dump) => dump ?? Buffer.alloc(0))).toString("latin1");
}

test("a gateway key speaks for any device of its venue and does not end", async () => {
  const { id, key } = present(await createGatewayKey(redis, venue, "front door"));
  expect(await verify(redis, key)).toEqual({
    venueId: venue.venueId,
    incarnation: venue.incarnation,
    kind: "gateway",
    deviceId: null,
    credentialId: id,
    expiresAtMs: null,
  });
});

test("gateway keys are listed by name, never with a secret", async () => {
  const first = present(await createGatewayKey(redis, venue, "front door", 1_000));
  const second = present(await createGatewayKey(redis, venue, "roof", 2_000));
  expect(await listGatewayKeys(redis, venue)).toEqual([
    { id: first.id, name: "front door", createdMs: 1_000 },
    { id: second.id, name: "roof", createdMs: 2_000 },
  ]);
});

test("a revoked gateway key is not valid, the others are", async () => {
  const revoked = present(await createGatewayKey(redis, venue, "a"));
  const other = present(await createGatewayKey(redis, venue, "b"));
  expect(await revokeGatewayKey(redis, venue, revoked.id)).toBe(true);
  expect(await revokeGatewayKey(redis, venue, revoked.id)).toBe(false);
  expect(await verify(redis, revoked.key)).toBeNull();
  expect(await verify(redis, other.key)).not.toBeNull();
});

test("a device token speaks for its device for 30 days", async () => {
  const nowMs = Date.now();
  const { token, expiresAtMs } = await createToken("phone 1", nowMs);
  expect(expiresAtMs).toBe(nowMs + DEVICE_TOKEN_LIFETIME_MS);
  const grant = present(await verify(redis, token, expiresAtMs - 1));
  expect(grant).toMatchObject({ kind: "device", venueId: venue.venueId, deviceId: "phone 1", expiresAtMs });
  expect(await verify(redis, token, expiresAtMs)).toBeNull();
});

test("tokens leave the store when they end", async () => {
  const { expiresAtMs } = await createToken("phone");
  expect(await redis.pexpiretime(venue.keys.deviceTokens("phone"))).toBe(expiresAtMs);
});

test("the store holds no secret", async () => {
  const { key } = present(await createGatewayKey(redis, venue, "front door"));
  const { token } = await createToken("phone");
  const stored = await storedText();
  expect(stored).toContain("front door");
  for (const text of [key, token]) expect(stored).not.toContain(text.slice(text.lastIndexOf(".") + 1));
});

test("a token with another's secret, id, device or venue is not valid", async () => {
  const other = await createVenue("other");
  const mine = (await createToken("phone")).token.split(".");
  const theirs = present(await createDeviceToken(redis, other, "phone")).token.split(".");
  for (let part = 0; part < mine.length; part++) {
    const mixed = mine.map((text, index) => (index === part ? theirs[index] : text)).join(".");
    if (mixed !== mine.join(".")) expect(await verify(redis, mixed), `part ${part}`).toBeNull();
  }
  expect(await verify(redis, mine.join("."))).not.toBeNull();
});

test("revoking a device ends all its tokens and no other device's", async () => {
  const tokens = [await createToken("phone"), await createToken("phone")];
  const other = await createToken("phone 2");
  expect(await revokeDeviceTokens(redis, venue, "phone")).toBe(true);
  expect(await revokeDeviceTokens(redis, venue, "phone")).toBe(false);
  for (const { token } of tokens) expect(await verify(redis, token)).toBeNull();
  expect(await verify(redis, other.token)).not.toBeNull();
});

test("a rotated token lives on for five minutes", async () => {
  const nowMs = Date.now();
  const old = await createToken("phone", nowMs);
  const grant = present(await verify(redis, old.token, nowMs));
  const fresh = present(await rotate(redis, grant, nowMs));
  expect(fresh.expiresAtMs).toBe(nowMs + DEVICE_TOKEN_LIFETIME_MS);
  expect(await verify(redis, fresh.token, nowMs)).not.toBeNull();
  expect(await verify(redis, old.token, nowMs + ROTATION_GRACE_MS - 1)).toMatchObject({
    expiresAtMs: nowMs + ROTATION_GRACE_MS,
  });
  expect(await verify(redis, old.token, nowMs + ROTATION_GRACE_MS)).toBeNull();
});

test("rotating again, because an answer was lost, does not lengthen the old token nor leave the lost one", async () => {
  const nowMs = Date.now();
  const old = await createToken("phone", nowMs);
  const grant = present(await verify(redis, old.token, nowMs));
  const lost = present(await rotate(redis, grant, nowMs));
  const fresh = present(await rotate(redis, grant, nowMs + 60_000));
  const afterGraceMs = nowMs + 60_000 + ROTATION_GRACE_MS;
  expect(await verify(redis, old.token, nowMs + ROTATION_GRACE_MS)).toBeNull();
  expect(await verify(redis, lost.token, afterGraceMs)).toBeNull();
  expect(await verify(redis, fresh.token, afterGraceMs)).not.toBeNull();
});

test("rotation leaves tokens that the operator made apart alone", async () => {
  const nowMs = Date.now();
  const apart = await createToken("phone", nowMs);
  const rotated = await createToken("phone", nowMs);
  await rotate(redis, present(await verify(redis, rotated.token, nowMs)), nowMs);
  expect(await verify(redis, apart.token, apart.expiresAtMs - 1)).not.toBeNull();
});

test("a token that was revoked, has ended or is of a deleted venue cannot be rotated any more", async () => {
  const nowMs = Date.now();
  const grantOf = async () => present(await verify(redis, (await createToken("phone", nowMs)).token, nowMs));
  const revoked = await grantOf();
  await revokeDeviceTokens(redis, venue, "phone");
  expect(await rotate(redis, revoked, nowMs)).toBeNull();
  expect(await rotate(redis, await grantOf(), nowMs + DEVICE_TOKEN_LIFETIME_MS)).toBeNull();
  const orphaned = await grantOf();
  await venues.delete(venue);
  expect(await rotate(redis, orphaned, nowMs)).toBeNull();
});

test("a gateway key is not rotated", async () => {
  const { key } = present(await createGatewayKey(redis, venue, "front door"));
  expect(await rotate(redis, present(await verify(redis, key)))).toBeNull();
});

test("a device has a bounded number of tokens: one more ends the oldest", async () => {
  const nowMs = Date.now();
  const tokens: IssuedToken[] = [];
  for (let i = 0; i <= TOKENS_PER_DEVICE_MAX; i++) tokens.push(await createToken("phone", nowMs + i));
  const grants = await Promise.all(tokens.map(({ token }) => verify(redis, token, nowMs + 100)));
  expect(grants.map((grant) => grant !== null)).toEqual([false, ...Array(TOKENS_PER_DEVICE_MAX).fill(true)]);
});

test("a flood of rotations ends no token that another way gave out", async () => {
  const nowMs = Date.now();
  const apart = await createToken("phone", nowMs);
  let grant: Grant = present(await verify(redis, (await createToken("phone", nowMs)).token, nowMs));
  for (let i = 0; i < 3 * TOKENS_PER_DEVICE_MAX; i++) {
    const { token } = present(await rotate(redis, grant, nowMs + i));
    if (i % 2 === 0) grant = present(await verify(redis, token, nowMs + i));
  }
  expect(await redis.hlen(venue.keys.deviceTokens("phone"))).toBe(TOKENS_PER_DEVICE_MAX);
  expect(await verify(redis, apart.token, nowMs + 1_000)).not.toBeNull();
});

test("deleting a venue ends its credentials, and a new one of the same id does not revive them", async () => {
  const { key } = present(await createGatewayKey(redis, venue, "front door"));
  const { token } = await createToken("phone");
  await venues.delete(venue);
  expect(await verify(redis, key)).toBeNull();
  const again = await createVenue(venue.venueId);
  expect(await verify(redis, key)).toBeNull();
  expect(await verify(redis, token)).toBeNull();
  expect(await listGatewayKeys(redis, again)).toEqual([]);
});

test("nothing is made, nor left behind, for a venue that was deleted meanwhile", async () => {
  await venues.delete(venue);
  const before = await redis.dbsize();
  expect(await createGatewayKey(redis, venue, "late")).toBeNull();
  expect(await createDeviceToken(redis, venue, "phone")).toBeNull();
  expect(await redis.dbsize()).toBe(before);
});
