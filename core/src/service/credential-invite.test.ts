import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startVenues, type VenuesUnderTest } from "../../test/venues-under-test.ts";
import { activate, createInvite, findInviteVenue } from "./credential-invite.ts";
import { activateMappedinDevice, findMappedinVenue, readJwtSecret } from "./credential-mappedin.ts";
import { DEVICE_TOKEN_LIFETIME_MS, ROTATION_GRACE_MS, revokeDeviceTokens, verify } from "./credential-store.ts";
import { dropVenueReferences } from "./credential-venue-reference.ts";
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
  venue = await createVenue("venue");
});

const createVenue = (venueId: string) => under.newVenue(venueId, { mappedin: true });

async function createCode(maxUses: number): Promise<string> {
  const invite = await createInvite(redis, venue, maxUses);
  if (invite === null) throw new Error("no invite was made");
  return invite.code;
}

async function activated(code: string, deviceId: string, nowMs?: number) {
  const activation = await activate(redis, code, deviceId, nowMs);
  if (typeof activation === "string") throw new Error(activation);
  return activation;
}

test("a code, which a person can read and type, gives a device its token", async () => {
  const code = await createCode(2);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  const nowMs = Date.now();
  const { venueId, token, expiresAtMs } = await activated(code, "phone", nowMs);
  expect(venueId).toBe("venue");
  expect(expiresAtMs).toBe(nowMs + DEVICE_TOKEN_LIFETIME_MS);
  expect(await verify(redis, token, nowMs)).toMatchObject({ kind: "device", deviceId: "phone" });
});

test("a code may be typed in small letters, without or with other dashes, and with look-alikes", async () => {
  const code = await createCode(1);
  const typed = ` ${code.toLowerCase().replaceAll("-", " ")} `.replaceAll("0", "o").replaceAll("1", "l");
  await activated(typed, "phone");
});

test("never more devices than it is for, however many come at once", async () => {
  const code = await createCode(5);
  const devices = Array.from({ length: 40 }, (_, index) => `phone ${index}`);
  const outcomes = await Promise.all(devices.map((device) => activate(redis, code, device)));
  expect(outcomes.filter((outcome) => typeof outcome !== "string")).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === "used_up")).toHaveLength(35);
});

test("a device that comes again uses up nothing, and its first token lives on for five minutes", async () => {
  const code = await createCode(2);
  const nowMs = Date.now();
  const first = await activated(code, "phone", nowMs);
  const second = await activated(code, "phone", nowMs);
  expect(await verify(redis, first.token, nowMs + ROTATION_GRACE_MS - 1)).not.toBeNull();
  expect(await verify(redis, first.token, nowMs + ROTATION_GRACE_MS)).toBeNull();
  expect(await verify(redis, second.token, nowMs + ROTATION_GRACE_MS)).not.toBeNull();
  await activated(code, "phone 2");
  expect(await activate(redis, code, "phone 3")).toBe("used_up");
  await activated(code, "phone");
});

test("a code that nobody made is unknown", async () => {
  const code = await createCode(1);
  const other = code.replace(/^./, (first) => (first === "A" ? "B" : "A"));
  for (const wrong of [other, "", code.slice(1), `${code}0`, "U".repeat(12), "0".repeat(10_000)]) {
    expect(await activate(redis, wrong, "phone"), wrong).toBe("unknown");
  }
});

test("a deleted venue's code is unknown, also when the venue is made again", async () => {
  const code = await createCode(1);
  await venues.delete(venue);
  expect(await activate(redis, code, "phone")).toBe("unknown");
  await createVenue("venue");
  expect(await activate(redis, code, "phone")).toBe("unknown");
  expect(await findInviteVenue(redis, code)).toBeNull();
});

test("the store does not hold the code", async () => {
  const code = (await createCode(1)).replaceAll("-", "");
  for (const key of await redis.keys("*")) {
    expect(key).not.toContain(code);
    expect((await redis.dumpBuffer(key))?.includes(code)).toBe(false);
  }
});

test("a device of the MappedIn contract is active in the venue that it was last activated for", async () => {
  const other = await createVenue("other");
  expect(await findMappedinVenue(redis, "phone")).toBeNull();
  await activateMappedinDevice(redis, venue, "phone");
  expect((await findMappedinVenue(redis, "phone"))?.venueId).toBe("venue");
  await activateMappedinDevice(redis, other, "phone");
  expect((await findMappedinVenue(redis, "phone"))?.venueId).toBe("other");
  expect(await revokeDeviceTokens(redis, venue, "phone")).toBe(false);
  expect((await findMappedinVenue(redis, "phone"))?.venueId).toBe("other");
  expect(await revokeDeviceTokens(redis, other, "phone")).toBe(true);
  expect(await findMappedinVenue(redis, "phone")).toBeNull();
});

test("a venue keeps its JWT secret, and another has another", async () => {
  expect(await readJwtSecret(redis, venue)).toBeNull();
  await activateMappedinDevice(redis, venue, "phone 1");
  const secret = await readJwtSecret(redis, venue);
  expect(secret).toHaveLength(32);
  await activateMappedinDevice(redis, venue, "phone 2");
  expect(await readJwtSecret(redis, venue)).toEqual(secret);
  const other = await createVenue("other");
  await activateMappedinDevice(redis, other, "phone 3");
  expect(await readJwtSecret(redis, other)).not.toEqual(secret);
});

test("a venue that does not serve the MappedIn contract, or is gone, has no device of it", async () => {
  await activateMappedinDevice(redis, venue, "phone");
  await venues.save("venue", { mappedin: false });
  expect(await findMappedinVenue(redis, "phone")).toBeNull();
  await venues.save("venue", { mappedin: true });
  expect(await findMappedinVenue(redis, "phone")).not.toBeNull();
  await venues.delete(venue);
  expect(await activateMappedinDevice(redis, venue, "phone")).toBe(false);
  await createVenue("venue");
  expect(await findMappedinVenue(redis, "phone")).toBeNull();
});

test("what refers to a deleted venue from outside of it can be dropped, and nothing else is", async () => {
  const other = await createVenue("other");
  for (let index = 0; index < 30; index++) await createCode(1);
  await activateMappedinDevice(redis, venue, "phone 1");
  await activateMappedinDevice(redis, venue, "phone 2");
  await activateMappedinDevice(redis, other, "phone 2");
  await venues.delete(venue);
  await dropVenueReferences(redis, venue);
  expect(await redis.keys("{i:*")).toEqual([]);
  expect(await redis.keys("{d:*")).toHaveLength(1);
  expect((await findMappedinVenue(redis, "phone 2"))?.venueId).toBe("other");
});
