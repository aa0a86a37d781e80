import type { VenueRecord } from "@encounter/core/service/venue-store";
import { AUDIT_HEAD_KEY, AUDIT_LOG_KEY } from "@encounter/core/storage/keys";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MachineKey } from "../src/access/machine-key.ts";
import { AuditLog } from "../src/audit/audit-log.ts";
import type { Owner } from "../src/tools/operators-call.ts";
import { verifyLog } from "../src/tools/verify-log.ts";
import { at, NOW_MINUTE } from "./fixes.ts";
import { type Forgery, forgeLog } from "./forged-log.ts";
import { OPERATOR_TOKEN, OperatorsDoor, type Person } from "./operators-door.ts";

const MINUTE = Math.floor(NOW_MINUTE / 60) * 60 - 120;
const DEVICE = "alice's phone";
let door: OperatorsDoor;
let hall: VenueRecord;
let tracer: Person;
let auditor: Person;

let offsetMs = 0;

beforeAll(async () => {
  door = await OperatorsDoor.open({}, {}, { now: () => Date.now() + offsetMs });
  hall = await door.createVenue("hall");
  await door.createVenue("other");
  tracer = await door.person("tina", { hall: ["tracer"] });
  auditor = await door.person("arno", { hall: ["auditor"], other: ["viewer"] });
});
afterAll(() => door.close());

interface Shown {
  seq: number;
  actor: string;
  action: string;
  venue_id: string | null;
  case: string | null;
  device: string | null;
  detail: Record<string, unknown>;
}

const newest = async (query = ""): Promise<Shown[]> => (await door.ask(`/v1/audit?limit=1000${query}`)).json.entries;
const lastSeq = async () => Number(await door.redis.hget(AUDIT_HEAD_KEY, "count"));
const since = async (seq: number) => (await newest()).filter((entry) => entry.seq > seq).reverse();

describe("a read of a device", () => {
  test.each([
    [`devices/${encodeURIComponent(DEVICE)}/contacts`, "read.contacts"],
    [`devices/${encodeURIComponent(DEVICE)}/fixes`, "read.fixes"],
    ["contacts", "read.venue-contacts"],
    [`minutes/${MINUTE}`, "read.minutes"],
  ])("by %s is in the log before the answer, with its case", async (path, action) => {
    const before = await lastSeq();
    expect((await tracer.ask(`/v1/venues/hall/${path}?case=C-1 ${action}`)).status).toBe(200);
    const [entry, ...more] = await since(before);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ actor: "tina", action, venue_id: "hall", case: `C-1 ${action}` });
    expect(JSON.stringify(entry)).not.toContain("alice");
    expect(entry?.device !== null).toBe(path.includes("devices"));
  });

  test("with the operator token is written down as the operator's", async () => {
    const before = await lastSeq();
    await door.ask(`/v1/venues/hall/contacts?format=csv&from=0`);
    expect(await since(before)).toMatchObject([
      { actor: "operator", action: "read.venue-contacts", detail: { format: "csv", from: "0" } },
    ]);
  });

  test("is found by the device's own id, which the log does not hold", async () => {
    await tracer.ask("/v1/venues/hall/devices/somebody/fixes?case=C-9");
    const found = await newest("&venue=hall&device=somebody&action=read.");
    expect(found).toMatchObject([{ actor: "tina", case: "C-9", action: "read.fixes" }]);
    const stored = JSON.stringify(await door.redis.xrange(AUDIT_LOG_KEY, "-", "+"));
    expect(stored).not.toContain("somebody");
    expect(stored).not.toContain("alice");
    expect((await door.ask("/v1/audit?device=somebody")).status).toBe(400);
  });

  test("of every minute of an hour is one entry for each who watches and each case", async () => {
    await door.feed(hall, [at("x", MINUTE, 0)]);
    const before = await lastSeq();
    for (let minute = MINUTE; minute < MINUTE + 60; minute += 7) {
      expect((await tracer.ask(`/v1/venues/hall/minutes/${minute}/frame?case=watch`)).status).toBe(200);
    }
    await tracer.ask(`/v1/venues/hall/minutes/${MINUTE + 60}/frame?case=watch`);
    await tracer.ask(`/v1/venues/hall/minutes/${MINUTE}/frame?case=another`);
    const entries = (await since(before)).filter(({ action }) => action === "read.minutes");
    expect(entries.map((entry) => [entry.case, entry.detail.from])).toEqual([
      ["watch", MINUTE * 60_000],
      ["watch", (MINUTE + 60) * 60_000],
      ["another", MINUTE * 60_000],
    ]);
  });
});

describe("what cannot be written down", () => {
  beforeEach(() => door.redis.rename(AUDIT_LOG_KEY, "{encounter:audit}:aside"));
  afterEach(async () => {
    await door.redis.del(AUDIT_LOG_KEY);
    await door.redis.rename("{encounter:audit}:aside", AUDIT_LOG_KEY);
  });

  test("is not read, nor done", async () => {
    await door.redis.set(AUDIT_LOG_KEY, "no stream");
    for (const path of [`devices/${DEVICE}/contacts`, "contacts", `minutes/${MINUTE + 300}`, "devices/d/fixes"]) {
      const { status, json, headers } = await tracer.ask(`/v1/venues/hall/${path}?case=lost`);
      expect([status, json.error.code, Object.keys(json)]).toEqual([503, "unavailable", ["error"]]);
      expect(headers.has("retry-after")).toBe(true);
    }
    expect((await door.ask("/v1/venues/hall/keys", { method: "POST", body: { name: "lost" } })).status).toBe(503);
    await door.redis.del(AUDIT_LOG_KEY);
    expect((await door.ask("/v1/venues/hall/keys")).json.keys).toEqual([]);
  });
});

describe("the log", () => {
  test("tells of changes of keys, roles and settings", async () => {
    const before = await lastSeq();
    const { id } = (await door.ask("/v1/venues/other/keys", { method: "POST", body: { name: "gate" } })).json;
    await door.ask(`/v1/venues/other/keys/${id}`, { method: "DELETE" });
    await door.ask("/v1/venues/other/invites", { method: "POST", body: { max_uses: 1 } });
    await door.ask("/v1/venues/other/accounts/tina", { method: "PUT", body: { roles: ["viewer"] } });
    await door.ask("/v1/venues/other", { method: "PUT", body: { proximity: 4 } });
    const entries = await since(before);
    expect(entries.map(({ action }) => action)).toEqual([
      "key.create",
      "key.delete",
      "invite.create",
      "account.roles",
      "venue.put",
    ]);
    expect(entries[1]?.detail).toEqual({ key: id });
    expect(entries[3]?.detail).toEqual({ account: "tina", roles: ["viewer"] });
  });

  test("shows auditors their own venues, page by page", async () => {
    for (const path of ["/v1/audit", "/v1/audit/verification"]) expect((await tracer.ask(path)).status).toBe(403);
    const own = await auditor.ask("/v1/audit?limit=1000");
    const all = await newest();
    expect(own.json.entries).toEqual(
      all.filter(({ venue_id: venue, action }) => venue === "hall" && action !== "venue.put"),
    );
    expect((await auditor.ask("/v1/audit?venue=other")).status).toBe(404);
    const paged: Shown[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { json } = await auditor.ask(`/v1/audit?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
      paged.push(...json.entries);
      cursor = json.next_cursor;
    }
    expect(paged).toEqual(own.json.entries);
  });

  test("is one chain, whatever number of processes append at once", async () => {
    const before = await lastSeq();
    const logs = [1, 2, 3].map(() => new AuditLog(door.redis, new MachineKey(OPERATOR_TOKEN), Date.now));
    const writes = Array.from({ length: 60 }, (_, n) =>
      (logs[n % 3] as AuditLog).write({ actor: `writer ${n}`, action: "sign-in" }),
    );
    await Promise.all(writes);
    const actors = (await since(before)).map(({ actor }) => actor);
    expect(new Set(actors)).toEqual(new Set(Array.from({ length: 60 }, (_, n) => `writer ${n}`)));
    const once = logs.map((log) => log.write({ actor: "watcher", action: "read.live" }, ["the same"]));
    await Promise.all(once);
    expect((await since(before)).filter(({ actor }) => actor === "watcher")).toHaveLength(1);
  });
});

describe("the verifier", () => {
  let owner: Owner;
  let verifiedBefore: Owner;
  beforeAll(() => {
    const owned = (dataDir: string) => ({
      apiUrl: door.api.url,
      token: OPERATOR_TOKEN,
      machineKey: OPERATOR_TOKEN,
      dataDir,
    });
    owner = owned("/does/not/exist");
    verifiedBefore = owned(door.mapDirectory);
  });
  const copy = "{encounter:audit}:copy";
  beforeEach(async () => {
    await door.redis.copy(AUDIT_LOG_KEY, copy, "REPLACE");
  });
  afterEach(async () => {
    await door.redis.copy(copy, AUDIT_LOG_KEY, "REPLACE");
    expect((await verifyLog(owner)).line).toMatch(/^whole: \d+ entries/);
  });

  test.each<[string, Forgery, RegExp]>([
    [
      "an altered entry",
      (seq, [e, text = "", ...hash]) => [
        e ?? "",
        seq === 5 ? text.replace(/"actor":"[^"]*"/, '"actor":"x"') : text,
        ...hash,
      ],
      /entry 5 was altered/,
    ],
    ["an entry taken out", (seq, fields) => (seq === 4 ? null : fields), /entry 4 is missing/],
    ["a beginning cut off", (seq, fields) => (seq < 3 ? null : fields), /entry 1 is missing/],
    ["an end cut off", (seq, fields) => (seq > 6 ? null : fields), /the log ends at 6, but \d+ were written/],
  ])("finds %s", async (_, change, words) => {
    await forgeLog(door, change);
    const { isWhole, line } = await verifyLog(owner);
    expect([isWhole, line]).toEqual([false, expect.stringMatching(words)]);
    expect(await verdict()).toEqual({ whole: false, trouble: expect.stringMatching(words) });
  });

  /** What an auditor is told, by a reading after all that was asked for before. */
  async function verdict(): Promise<object> {
    offsetMs += 61_000;
    const { checked_at: _, ...told } = (await auditor.ask("/v1/audit/verification")).json;
    return told;
  }

  test("tells auditors, and reads the log for them once a minute", async () => {
    expect(await verdict()).toEqual({ whole: true, trouble: null });
    await forgeLog(door, (seq, fields) => (seq === 4 ? null : fields));
    expect((await auditor.ask("/v1/audit/verification")).json.whole).toBe(true);
    expect(await verdict()).toEqual({ whole: false, trouble: expect.stringMatching(/entry 4 is missing/) });
  });

  test("finds two entries that changed places", async () => {
    const [three, four] = (await door.redis.xrange(AUDIT_LOG_KEY, "3", "4")).map(([, fields]) => fields);
    await forgeLog(door, (seq, fields) => (seq === 3 ? four : seq === 4 ? three : fields) ?? fields);
    expect((await verifyLog(owner)).line).toMatch(/entry 3 was altered/);
  });

  test("finds a cut end of which the store does not tell, by the end that it verified before", async () => {
    expect((await verifyLog(verifiedBefore)).isWhole).toBe(true);
    const head = await door.redis.hgetall(AUDIT_HEAD_KEY);
    await forgeLog(door, (seq, fields) => (seq > 6 ? null : fields));
    const [[, [, , , hash = ""] = []] = []] = await door.redis.xrange(AUDIT_LOG_KEY, "6", "6");
    await door.redis.hset(AUDIT_HEAD_KEY, { count: "6", hash });
    expect((await verifyLog(owner)).isWhole).toBe(true);
    expect((await verifyLog(verifiedBefore)).line).toMatch(/ends at 6, but \d+ entries were verified before/);
    await door.redis.hset(AUDIT_HEAD_KEY, head);
  });

  test("finds a log that was written with another key", async () => {
    expect((await verifyLog({ ...owner, machineKey: "another machine's key" })).line).toMatch(/entry 1 was altered/);
  });
});
