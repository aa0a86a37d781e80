import type { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { TestRedis } from "../../test/redis-server.ts";
import { startVenues, type VenuesUnderTest } from "../../test/venues-under-test.ts";
import { CredentialCache } from "./credential-cache.ts";
import { createDeviceToken, createGatewayKey, revokeDeviceTokens, revokeGatewayKey } from "./credential-store.ts";
import { connectRedis } from "./redis.ts";
import type { VenueEditor, VenueRecord } from "./venue-store.ts";

const log = pino({ level: "silent" });

let under: VenuesUnderTest;
let server: TestRedis;
let redis: Redis;
let door: ReturnType<typeof connectRedis>;
let venues: VenueEditor;
let venue: VenueRecord;
let nowMs: number;
let cache: CredentialCache;

beforeAll(async () => {
  under = await startVenues();
  ({ server, redis, venues } = under);
  door = connectRedis([server.url], "producer", log);
});

afterAll(async () => {
  door.disconnect();
  await under.stop();
});

beforeEach(async () => {
  await redis.flushall();
  await vi.waitFor(() => expect(door.status).toBe("ready"));
  venue = await under.newVenue("venue");
  nowMs = Date.now();
  cache = new CredentialCache({ redis: door, log, now: () => nowMs, capacity: 3 });
});

afterEach(() => cache.stop());

async function createKey(name = "front door"): Promise<{ id: string; key: string }> {
  const made = await createGatewayKey(redis, venue, name);
  if (made === null) throw new Error("no key was made");
  return made;
}

/** How often credentials were looked up since the counters were set back: each takes the venue's hash and its own. */
async function lookUps(): Promise<number> {
  const stats = await redis.info("commandstats");
  return Number(/cmdstat_hget:calls=(\d+)/.exec(stats)?.[1] ?? 0) / 2;
}

test("a credential is looked up once for many uses, and again after 2 s", async () => {
  const { id, key } = await createKey();
  await redis.config("RESETSTAT");
  const grants = await Promise.all(Array.from({ length: 50 }, () => cache.grantFor(key)));
  expect(grants.every((grant) => grant?.credentialId === id)).toBe(true);
  nowMs += 1_999;
  await cache.grantFor(key);
  expect(await lookUps()).toBe(1);
  await revokeGatewayKey(redis, venue, id);
  nowMs += 1;
  expect(await cache.grantFor(key)).toBeNull();
  expect(await lookUps()).toBe(2);
});

test("that a credential is not valid is remembered as well, and for no longer", async () => {
  const { id, key } = await createKey();
  const kept = (await redis.hget(venue.keys.gatewayKeys, id)) as string;
  await revokeGatewayKey(redis, venue, id);
  expect(await cache.grantFor(key)).toBeNull();
  await redis.hset(venue.keys.gatewayKeys, id, kept);
  expect(await cache.grantFor(key)).toBeNull();
  nowMs += 2_000;
  expect(await cache.grantFor(key)).not.toBeNull();
});

test("a token that ends while it is remembered is not valid", async () => {
  const issued = await createDeviceToken(redis, venue, "phone", nowMs);
  if (issued === null) throw new Error("no token was made");
  nowMs = issued.expiresAtMs - 1;
  expect(await cache.grantFor(issued.token)).not.toBeNull();
  nowMs += 1;
  expect(await cache.grantFor(issued.token)).toBeNull();
});

test("the longest unused is forgotten where more are used than there is room for", async () => {
  const keys = [(await createKey()).key, (await createKey()).key, (await createKey()).key, (await createKey()).key];
  await redis.config("RESETSTAT");
  const [first, second, third, fourth] = keys as [string, string, string, string];
  for (const key of [first, second, third, first, fourth]) await cache.grantFor(key);
  expect(await lookUps()).toBe(4);
  for (const key of [first, third, fourth]) await cache.grantFor(key);
  expect(await lookUps()).toBe(4);
  await cache.grantFor(second);
  expect(await lookUps()).toBe(5);
});

test("a Redis that does not answer is an error, not a verdict", async () => {
  const { key } = await createKey();
  await server.kill();
  await vi.waitFor(() => expect(door.status).not.toBe("ready"));
  await expect(cache.grantFor(key)).rejects.toThrow();
  await server.restart();
  await vi.waitFor(async () => expect(await cache.grantFor(key)).not.toBeNull(), { timeout: 10_000 });
});

test("the end of a watched credential is told once within 5 s, and of no other", async () => {
  const gateway = await createKey();
  const kept = await createKey();
  const issued = await createDeviceToken(redis, venue, "phone");
  if (issued === null) throw new Error("no token was made");
  const told: string[] = [];
  const watch = (token: string, name: string) => cache.watch(token, () => told.push(name));
  watch(gateway.key, "gateway 1");
  watch(gateway.key, "gateway 2");
  watch(gateway.key, "gone before")();
  watch(kept.key, "kept");
  watch(issued.token, "device");
  watch("not a token", "no token");
  const startedMs = Date.now();
  await revokeGatewayKey(redis, venue, gateway.id);
  await revokeDeviceTokens(redis, venue, "phone");
  await vi.waitFor(() => expect(told).toHaveLength(4), { timeout: 5_000 });
  expect(Date.now() - startedMs).toBeLessThan(5_000);
  expect(told.sort()).toEqual(["device", "gateway 1", "gateway 2", "no token"]);
  await venues.delete(venue);
  await vi.waitFor(() => expect(told).toContain("kept"), { timeout: 5_000 });
  expect(told).toHaveLength(5);
});

test("a Redis that is away ends no watch, but a token that runs out meanwhile does end", async () => {
  const { id, key } = await createKey();
  const issued = await createDeviceToken(redis, venue, "phone", nowMs);
  if (issued === null) throw new Error("no token was made");
  const told: string[] = [];
  for (const [name, token] of Object.entries({ key, token: issued.token })) {
    await cache.grantFor(token);
    cache.watch(token, () => told.push(name));
  }
  await server.kill();
  nowMs = issued.expiresAtMs;
  await vi.waitFor(() => expect(told).toEqual(["token"]), { timeout: 10_000 });
  await server.restart();
  await vi.waitFor(() => redis.ping(), { timeout: 10_000 });
  await revokeGatewayKey(redis, venue, id);
  await vi.waitFor(() => expect(told).toEqual(["token", "key"]), { timeout: 10_000 });
});
