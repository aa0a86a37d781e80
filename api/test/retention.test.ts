import type { Fix } from "@encounter/core/domain/fix";
import { activate, createInvite, useInvite } from "@encounter/core/service/credential-invite";
import { activateMappedinDevice } from "@encounter/core/service/credential-mappedin";
import { createDeviceToken } from "@encounter/core/service/credential-store";
import { createLog } from "@encounter/core/service/log";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { everythingStored, formsOf, keysThatHold } from "../../core/test/everything-stored.ts";
import { forgetExpired, forgetThoroughly } from "../../processor/src/forgetting.ts";
import { loadVenues } from "../../processor/src/living-venues.ts";
import { forgetExpiredMinutes, maintain } from "../../processor/src/maintenance.ts";
import { at, NOW_MINUTE, together } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 2;
const DEVICES = ["tag/ä*1", "tag 2", "phone-3", "never-sent"];
let door: OperatorsDoor;
let redis: Redis;
let record: VenueRecord;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  redis = door.redis as Redis;
});
beforeEach(async () => {
  await redis.flushall();
  record = await door.createVenue("ward", { retention_days: RETENTION_DAYS, mappedin: true });
});
afterAll(async () => {
  await door.close();
});

/** Everything that devices may leave behind in a venue. */
async function leaveTraces(): Promise<Fix[]> {
  const [a, b, c, d] = DEVICES as [string, string, string, string];
  const fixes = [...together(a, b, NOW_MINUTE - 30, 30, 2), at(c, NOW_MINUTE - 20, 3), at(c, NOW_MINUTE, 3)];
  await door.feed(record, fixes);
  await door.evaluate(record);
  // It expired before it was evaluated: nobody noted when the device was seen.
  await door.feed(record, [at("lost", NOW_MINUTE - 9, 0)]);
  await redis.zrem(record.keys.pending, String(NOW_MINUTE - 9));
  const code = (await createInvite(door.redis, record, 5))?.code ?? "";
  await activate(door.redis, code, a);
  await useInvite(door.redis, record, code, d);
  await createDeviceToken(door.redis, record, b);
  await activateMappedinDevice(door.redis, record, c);
  await activateMappedinDevice(door.redis, record, d);
  expect((await door.ask("/v1/venues/ward")).json.place).not.toBeNull();
  await door.ask("/v1/sign-in", { method: "POST" });
  return fixes;
}

const isEmpty = (bytes: Buffer | undefined) => bytes === undefined || bytes.length === 0;
const FORMS = [...DEVICES, "lost"].flatMap(formsOf);

/** Lets what Redis would have expired by then go, and nothing else. */
async function expireUpTo(timeMs: number): Promise<void> {
  for (const name of (await everythingStored(redis)).keys()) {
    const expiresMs = Number(await redis.call("PEXPIRETIME", name));
    if (expiresMs > 0 && expiresMs <= timeMs) await redis.unlink(name);
  }
}

/** The longest that keys may live from now, by what their name says, ms; null where they hold nothing of devices. */
function promisedMs(name: string): number | null {
  const kind = name.replace(record.keys.prefix, "").replace(/^\{d:.*/, "reference");
  if (/^(fixes|pairs|timeline|activity|minute):/.test(kind)) return (RETENTION_DAYS + 1) * DAY_MS + 60_000;
  if (/^(cells|index):/.test(kind)) return 3_600_000;
  if (/^(tokens:|reference)/.test(kind)) return 30 * DAY_MS;
  return kind === "stream" ? 120_000 : null;
}

describe("what is past its retention", () => {
  test("expires within the time that is promised for it", async () => {
    await leaveTraces();
    const kinds = new Set<string>();
    for (const name of (await everythingStored(redis)).keys()) {
      const promised = promisedMs(name);
      if (promised === null) continue;
      kinds.add(name.replace(record.keys.prefix, "").replace(/[:}].*/, ""));
      const leftMs = Number(await redis.call("PEXPIRETIME", name)) - Date.now();
      expect(leftMs, name).toBeGreaterThan(0);
      expect(leftMs, name).toBeLessThanOrEqual(promised);
    }
    expect([...kinds].sort()).toEqual(
      ["activity", "cells", "fixes", "index", "minute", "pairs", "stream", "timeline", "tokens", "{d"].sort(),
    );
  });

  test("is nowhere in Redis once that time is over", async () => {
    await leaveTraces();
    expect((await keysThatHold(redis, FORMS)).length).toBeGreaterThan(8);
    const laterMs = (NOW_MINUTE - (NOW_MINUTE % 60)) * 60_000 + 31 * DAY_MS;
    await expireUpTo(laterMs);
    expect(await keysThatHold(redis, FORMS)).not.toEqual([]);
    await forgetExpired(redis, await loadVenues(redis), laterMs);
    expect(await keysThatHold(redis, FORMS)).toEqual([]);
    const left = [...(await everythingStored(redis)).keys()].map((name) => name.replace(record.keys.prefix, ""));
    expect(left.map((name) => name.replace(/^(invite|\{i):.*/, "$1")).sort()).toEqual(
      // The audit log is kept: it says of a device only a keyed hash.
      [
        "encounter:venues",
        "invite",
        "invites",
        "jwt-secret",
        "state",
        "{encounter:audit}:head",
        "{encounter:audit}:log",
        "{i",
        "{v:ward}:venue",
      ].sort(),
    );
    expect((await door.ask("/v1/venues/ward")).json.place).toBeNull();
    expect((await door.ask("/v1/venues/ward/devices")).json.devices).toEqual([]);
  });

  test("goes also where the retention was shortened a moment ago", async () => {
    await door.feed(record, together("a", "b", NOW_MINUTE - 1_500, 5, 1));
    await door.evaluate(record);
    await door.ask("/v1/venues/ward", { method: "PUT", body: { retention_days: 1 } });
    // The close of a minute comes before the job that sets all expiries anew.
    await forgetExpiredMinutes(redis, (await loadVenue(redis, "ward")) as VenueRecord, Date.now());
    expect(isEmpty((await everythingStored(redis)).get(record.keys.fixes(NOW_MINUTE - 1_500)))).toBe(true);
    expect(await redis.exists(record.keys.pairs(NOW_MINUTE - 1_500))).toBe(0);
    await maintain(redis, { kind: "retention", venueId: "ward" }, createLog("test", "silent"));
  });
});

describe("what is still needed stays", () => {
  /** A time at which the retention of what is fed now is over, on the hour. */
  const laterMs = (NOW_MINUTE - (NOW_MINUTE % 60)) * 60_000 + (RETENTION_DAYS + 1) * DAY_MS;
  const known = () => redis.hkeys(record.keys.devices);

  test("a device that was seen since, and one whose late fix is not evaluated yet", async () => {
    await door.feed(record, [at("old", NOW_MINUTE, 0), at("late", NOW_MINUTE, 50), at("fresh", NOW_MINUTE, 90)]);
    await door.evaluate(record);
    const recently = laterMs / 60_000 - 60;
    await door.feed(record, [at("fresh", recently, 90)]);
    await door.evaluate(record);
    await door.feed(record, [at("late", recently - 1, 50), at("newcomer", recently - 1, 0)]);
    await forgetExpired(redis, await loadVenues(redis), laterMs);
    expect((await known()).sort()).toEqual(["fresh", "late", "newcomer"]);
    await door.evaluate(record);
    await forgetExpired(redis, await loadVenues(redis), laterMs);
    expect((await known()).sort()).toEqual(["fresh", "late", "newcomer"]);
    expect(Object.values(await redis.hgetall(record.keys.names)).sort()).toEqual(["fresh", "late", "newcomer"]);
    const { devices } = (await door.ask("/v1/venues/ward/devices")).json;
    expect(devices.map(({ device_id: id }: { device_id: string }) => id)).toEqual(["fresh", "late", "newcomer"]);
  });

  test("who came by an invite, while it is seen or has a token; the others stay counted", async () => {
    const code = (await createInvite(door.redis, record, 3))?.code ?? "";
    await activate(door.redis, code, "with a token");
    await useInvite(door.redis, record, code, "seen");
    await useInvite(door.redis, record, code, "went away");
    await door.feed(record, [at("seen", NOW_MINUTE, 0)]);
    await forgetThoroughly(redis, record, laterMs);
    expect(await keysThatHold(redis, ["went away"])).toEqual([]);
    expect(await useInvite(door.redis, record, code, "seen")).toBe("let_in_again");
    expect(await useInvite(door.redis, record, code, "with a token")).toBe("let_in_again");
    expect(await useInvite(door.redis, record, code, "went away")).toBe("used_up");
  });

  test("an activation of the MappedIn contract that is still good, and none that is for another venue", async () => {
    const other = await door.createVenue("other", { mappedin: true });
    await activateMappedinDevice(door.redis, record, "stays");
    await activateMappedinDevice(door.redis, record, "moves");
    await activateMappedinDevice(door.redis, other, "moves");
    await forgetThoroughly(redis, (await loadVenue(redis, "ward")) as VenueRecord, Date.now());
    expect(await redis.smembers(record.keys.mappedinDevices)).toEqual(["stays"]);
    expect(await redis.smembers(other.keys.mappedinDevices)).toEqual(["moves"]);
  });
});
