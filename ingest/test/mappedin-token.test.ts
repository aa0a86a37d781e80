import { createHmac } from "node:crypto";
import { readJwtSecret } from "@encounter/core/service/credential-mappedin";
import { revokeDeviceTokens } from "@encounter/core/service/credential-store";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type DoorUnderTest, startDoor } from "./door-under-test.ts";
import { MappedinClient, positionOf } from "./mappedin-client.ts";

let door: DoorUnderTest;
let client: MappedinClient;
let venue: VenueRecord;
/** Where the door's clock is ahead of the test's. */
let aheadMs = 0;

beforeAll(async () => {
  door = await startDoor({}, () => Date.now() + aheadMs);
  client = new MappedinClient(door.url);
});

afterAll(() => door.stop());

beforeEach(async () => {
  aheadMs = 0;
  await door.redis.flushall();
  venue = (await door.newVenue("office", { mappedin: true })).record;
});

const position = (deviceId: string, change?: object) => positionOf(deviceId, venue.venueId, change);

test("a token ends with its hour", async () => {
  const token = await client.tokenOf("phone", venue.venueId);
  aheadMs = 3_590_000;
  expect((await client.sendPositions(token, [])).status).toBe(207);
  aheadMs = 3_600_000;
  expect((await client.sendPositions(token, [])).status).toBe(401);
});

test("a token ends when its device is revoked, activated elsewhere, or its venue deleted", async () => {
  const revoked = await client.tokenOf("phone 1", venue.venueId);
  await revokeDeviceTokens(door.redis, venue, "phone 1");
  expect((await client.sendPositions(revoked, [])).status).toBe(401);
  expect((await client.deviceToken("phone 1")).status).toBe(400);

  const moved = await client.tokenOf("phone 2", venue.venueId);
  await door.newVenue("other", { mappedin: true });
  await client.tokenOf("phone 2", "other");
  expect((await client.sendPositions(moved, [])).status).toBe(401);

  const orphaned = await client.tokenOf("phone 3", venue.venueId);
  await new VenueEditor(door.redis).delete(venue);
  expect((await client.sendPositions(orphaned, [])).status).toBe(401);
  await door.newVenue(venue.venueId, { mappedin: true });
  expect((await client.sendPositions(orphaned, [])).status).toBe(401);
  expect((await client.deviceToken("phone 3")).status).toBe(400);
});

test("only what the venue's secret signed by HS256, with an end, is a token", async () => {
  const good = await client.tokenOf("phone", venue.venueId);
  const secret = (await readJwtSecret(door.redis, venue)) as Uint8Array;
  const claims = { venue: venue.venueId, device: "phone" };
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (alg: string, key: Uint8Array, end: number | null, change: object = {}) => {
    const jwt = new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg });
    return (end === null ? jwt : jwt.setExpirationTime(end)).sign(key);
  };
  await door.newVenue("other", { mappedin: true });
  const others = await client.tokenOf("phone 2", "other");
  const [header, payload, signature] = good.split(".") as [string, string, string];
  const hs512 = `${encode({ alg: "HS512" })}.${encode({ ...claims, exp: inAnHour })}`;
  const wrong = {
    "no signature": `${encode({ alg: "none" })}.${encode({ ...claims, exp: inAnHour })}.`,
    "alg none with a signature": `${encode({ alg: "none" })}.${payload}.${signature}`,
    "another secret": await signed("HS256", Buffer.alloc(32), inAnHour),
    "another algorithm": `${hs512}.${createHmac("sha512", secret).update(hs512).digest("base64url")}`,
    "no end": await signed("HS256", secret, null),
    "no device": await signed("HS256", secret, inAnHour, { device: undefined }),
    "a device that is not active": await signed("HS256", secret, inAnHour, { device: "phone 3" }),
    "another venue's device": await signed("HS256", secret, inAnHour, { device: "phone 2" }),
    "another venue": await signed("HS256", secret, inAnHour, { venue: "other" }),
    "another payload": `${header}.${others.split(".")[1]}.${signature}`,
    nonsense: "nonsense",
  };
  for (const [what, token] of Object.entries(wrong)) {
    const answer = await client.sendPositions(token, [position("phone")]);
    expect(answer.status, what).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  }
  expect((await client.call("/positions", { body: [] })).status).toBe(401);
  expect((await client.sendPositions(good, [position("phone")])).body).toEqual([{ status: 200, message: "" }]);
  expect((await client.sendPositions(await signed("HS256", secret, inAnHour), [])).status).toBe(207);
});
