import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createLog } from "@encounter/core/service/log";
import { connectRedis, type RedisClient, untilReady } from "@encounter/core/service/redis";
import { AUDIT_ANCHOR_KEY, AUDIT_HEAD_KEY, AUDIT_LOG_KEY } from "@encounter/core/storage/keys";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { everythingStored } from "../../core/test/everything-stored.ts";
import { urlFor } from "../../core/test/redis-users.ts";
import { MachineKey } from "../src/access/machine-key.ts";
import { EMPTY_HEAD, entryHash } from "../src/audit/audit-chain.ts";
import { AuditLog } from "../src/audit/audit-log.ts";
import { AuditRetention } from "../src/audit/audit-retention.ts";
import type { Owner } from "../src/tools/operators-call.ts";
import { type Verdict, verifyLog } from "../src/tools/verify-log.ts";
import { eventually } from "./eventually.ts";
import { type Forgery, forgeLog } from "./forged-log.ts";
import { OPERATOR_TOKEN, OperatorsDoor } from "./operators-door.ts";

const DAY_MS = 86_400_000;
const DAYS = 40;
/** More than go in one step. */
const OLD = 1_200;
const YOUNG = 5;
const log = createLog("test", "silent");
const key = new MachineKey(OPERATOR_TOKEN);
let door: OperatorsDoor;
/** The user of Redis that the api is. */
let asApi: RedisClient;
let owner: Owner;
let verifiedBefore: Owner;

beforeAll(async () => {
  door = await OperatorsDoor.open({ AUDIT_RETENTION_DAYS: String(DAYS) }, {}, { withUsers: true });
  const urls = [urlFor("api", door.server.url)];
  asApi = connectRedis(urls, "worker", log);
  await untilReady(asApi, urls, 5_000);
  owner = { apiUrl: door.api.url, token: OPERATOR_TOKEN, machineKey: OPERATOR_TOKEN, dataDir: "/does/not/exist" };
  verifiedBefore = { ...owner, dataDir: door.mapDirectory };
});
afterAll(async () => {
  asApi.disconnect();
  await door.close();
});

/** Entries as they are written when the clock stands so many days before now. */
async function write(count: number, daysAgo: number, actor: string): Promise<void> {
  const audit = new AuditLog(asApi, key, () => Date.now() - daysAgo * DAY_MS);
  await Promise.all(
    Array.from({ length: count }, (_, n) => audit.write({ actor: `${actor} ${n}`, action: "sign-in" })),
  );
}

/** The same of many into an empty log, at once. */
async function writeMany(count: number, daysAgo: number, actor: string): Promise<void> {
  const entries = door.redis.pipeline() as ReturnType<Redis["pipeline"]>;
  let head = EMPTY_HEAD;
  for (let n = 0; n < count; n++) {
    const text = JSON.stringify({ at: Date.now() - daysAgo * DAY_MS, actor: `${actor} ${n}`, action: "sign-in" });
    head = { count: n + 1, hash: entryHash(key, head, text) };
    entries.xadd(AUDIT_LOG_KEY, `${head.count}-0`, "e", text, "h", head.hash);
  }
  await entries.hset(AUDIT_HEAD_KEY, { ...head }).exec();
}

/** The retention of a machine whose clock is so many days ahead. */
function retention({ days = DAYS, daysAhead = 0 } = {}): AuditRetention {
  const now = () => Date.now() + daysAhead * DAY_MS;
  return new AuditRetention({ redis: asApi, log, audit: new AuditLog(asApi, key, now), key, days, now });
}

const verify = (as = owner): Promise<Verdict> => verifyLog(as);
const seqs = async () => (await door.redis.xrange(AUDIT_LOG_KEY, "-", "+")).map(([id]) => Number.parseInt(id, 10));
const clear = () => door.redis.del(AUDIT_LOG_KEY, AUDIT_HEAD_KEY, AUDIT_ANCHOR_KEY);

describe("an audit log that has grown old", () => {
  beforeAll(async () => {
    await clear();
    await writeMany(OLD, DAYS + 1, "longago");
    await write(YOUNG, DAYS - 1, "lately");
  });

  test("loses what is past its retention and nothing else, and is whole", async () => {
    expect((await verify(verifiedBefore)).isWhole).toBe(true);
    const [one = 0, other = 0] = await Promise.all([retention().apply(), retention().apply()]);
    expect(one + other).toBe(OLD);
    expect(await seqs()).toEqual([1, 2, 3, 4, 5].map((n) => OLD + n));
    const { isWhole, line } = await verify(verifiedBefore);
    expect([isWhole, line]).toEqual([true, expect.stringMatching(/^whole: 1205 entries.*the first 1200 of them/)]);
    expect(await retention().apply()).toBe(0);
    expect((await door.ask("/v1/audit/verification")).json).toMatchObject({ whole: true, trouble: null });
  });

  test("holds nothing of it anywhere in Redis, and goes on", async () => {
    await write(1, 0, "today");
    for (const [name, bytes] of await everythingStored(door.redis as Redis)) {
      expect([name, bytes.includes("longago")]).toEqual([name, false]);
    }
    const { entries, next_cursor: next } = (await door.ask("/v1/audit?limit=1000")).json;
    expect(entries.map(({ actor }: { actor: string }) => actor)).toEqual([
      "today 0",
      "lately 4",
      "lately 3",
      "lately 2",
      "lately 1",
      "lately 0",
    ]);
    expect((await door.ask(`/v1/audit?cursor=${next ?? 1}`)).json).toEqual({ entries: [], next_cursor: null });
    expect((await verify(verifiedBefore)).line).toMatch(/^whole: 1206 entries/);
  });

  test("is shortened further from where it was", async () => {
    // Another bound, as if it were days later; a younger one keeps what follows it, whatever time that says.
    await write(1, DAYS, "clock was wrong");
    expect(await retention({ days: DAYS - 2 }).apply()).toBe(YOUNG);
    expect(await seqs()).toEqual([OLD + YOUNG + 1, OLD + YOUNG + 2]);
    expect((await verify(verifiedBefore)).isWhole).toBe(true);
  });

  test("may be gone whole, and begins anew behind what is known of its end", async () => {
    await clear();
    await write(3, DAYS + 1, "longago");
    expect(await retention().apply()).toBe(3);
    expect([await seqs(), (await verify()).isWhole]).toEqual([[], true]);
    await write(1, 0, "today");
    expect([await seqs(), (await verify()).isWhole]).toEqual([[4], true]);
  });

  test("is shortened by the door itself", async () => {
    await clear();
    await write(3, DAYS + 1, "longago");
    await write(1, 1, "lately");
    const another = await OperatorsDoor.open({
      AUDIT_RETENTION_DAYS: String(DAYS),
      REDIS_URL: urlFor("api", door.server.url),
    });
    await eventually(async () => expect(await seqs()).toEqual([4]));
    await another.close();
    expect(await (door.redis as Redis).call("ACL", "LOG")).toEqual([]);
  });
});

describe("no reading is hidden by it:", () => {
  beforeEach(async () => {
    await clear();
    await write(6, DAYS + 1, "longago");
    await write(YOUNG, 1, "lately");
  });
  afterEach(clear);

  test("a machine whose clock is ahead removes nothing that is young by the store's", async () => {
    expect(await retention({ daysAhead: 400 }).apply()).toBe(0);
    expect((await seqs()).length).toBe(6 + YOUNG);
  });

  test("what was altered is not removed, and is still found", async () => {
    await forgeLog(door, (seq, [e = "", text = "", ...hash]) => [
      e,
      seq === 2 ? text.replace("longago", "nobody") : text,
      ...hash,
    ]);
    expect(await retention().apply()).toBe(0);
    expect((await verify()).line).toMatch(/entry 2 was altered/);
  });

  test.each<[string, Forgery, RegExp]>([
    [
      "altered",
      (seq, [e = "", text = "", ...h]) => [e, seq === 8 ? text.replace("lately", "x") : text, ...h],
      /8 was alt/,
    ],
    ["taken out", (seq, fields) => (seq === 8 ? null : fields), /entry 8 is missing/],
    ["cut off at the beginning", (seq, fields) => (seq < 9 ? null : fields), /entry 7 is missing/],
    ["cut off at the end", (seq, fields) => (seq > 9 ? null : fields), /the log ends at 9, but 11 were written/],
  ])("an entry that is %s is found after it", async (_, change, words) => {
    expect(await retention().apply()).toBe(6);
    expect((await verify()).isWhole).toBe(true);
    await forgeLog(door, change);
    expect((await verify()).line).toMatch(words);
  });

  test("two entries that changed places are found after it", async () => {
    await retention().apply();
    const [eight, nine] = (await door.redis.xrange(AUDIT_LOG_KEY, "8", "9")).map(([, fields]) => fields);
    await forgeLog(door, (seq, fields) => (seq === 8 ? nine : seq === 9 ? eight : fields) ?? fields);
    expect((await verify()).line).toMatch(/entry 8 was altered/);
  });

  test("whoever has the store alone cannot have it begin later, nor anew", async () => {
    await retention().apply();
    const [[, [, , , hash = ""] = []] = []] = await door.redis.xrange(AUDIT_LOG_KEY, "8", "8");
    await forgeLog(door, (seq, fields) => (seq <= 8 ? null : fields));
    await door.redis.hset(AUDIT_ANCHOR_KEY, { count: "8", hash });
    expect((await verify()).line).toMatch(/up to 8 were removed for their age, and was not told so/);
    expect(await retention({ days: 30 }).apply()).toBe(0);
    await door.redis.del(AUDIT_ANCHOR_KEY);
    expect((await verify()).line).toMatch(/entry 1 is missing/);
  });

  test("a machine that was told another bound than may be set is found out", async () => {
    await clear();
    await write(3, 20, "lately");
    expect(await retention({ days: 10 }).apply()).toBe(3);
    expect((await verify()).line).toMatch(/removed that were not 30 days old/);
  });

  test("a log that was verified before is not cut unnoticed behind what is kept", async () => {
    const before = { ...owner, dataDir: mkdtempSync(join(door.mapDirectory, "data-")) };
    expect((await verify(before)).isWhole).toBe(true);
    await retention().apply();
    const { hash = "" } = await door.redis.hgetall(AUDIT_ANCHOR_KEY);
    await door.redis.hset(AUDIT_HEAD_KEY, { count: "6", hash });
    await forgeLog(door, () => null);
    expect((await verify()).isWhole).toBe(true);
    expect((await verify(before)).line).toMatch(/the log ends at 6, but 11 entries were verified before/);
  });
});
