import { createLog } from "@encounter/core/service/log";
import { listVenueIds, loadVenue } from "@encounter/core/service/venue-store";
import { MAINTENANCE_QUEUE } from "@encounter/core/storage/jobs";
import { QUEUE_PREFIX } from "@encounter/core/storage/keys";
import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maintain } from "../../processor/src/maintenance.ts";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
let queue: Queue;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  queue = new Queue(MAINTENANCE_QUEUE, { connection: { url: door.server.url }, prefix: QUEUE_PREFIX });
});
afterAll(async () => {
  await queue.close();
  await door.close();
});

const put = (venueId: string, body?: unknown) =>
  door.ask(`/v1/venues/${encodeURIComponent(venueId)}`, { method: "PUT", body });

const DEFAULTS = {
  time_zone: "UTC",
  max_accuracy: 4,
  proximity: 5,
  min_minutes: 5,
  cap: 10,
  retention_days: 14,
  mappedin: false,
  pseudonyms: false,
};

describe("PUT", () => {
  test("creates a venue with the defaults", async () => {
    const { status, json } = await put("plain", {});
    expect([status, json]).toEqual([201, { venue_id: "plain", name: "plain", ...DEFAULTS, place: null }]);
    expect((await door.ask("/v1/venues/plain")).json).toEqual(json);
  });

  test("needs no body", async () => {
    const { status } = await door.ask("/v1/venues/bodiless", { method: "PUT" });
    expect(status).toBe(201);
    expect(
      (await door.ask("/v1/venues/bodiless", { method: "PUT", headers: { "content-type": "application/json" } }))
        .status,
    ).toBe(200);
  });

  test("changes what is given and keeps the rest", async () => {
    await put("changing", { name: "Gym", proximity: 2.5 });
    const { status, json } = await put("changing", { min_minutes: 3, time_zone: "Europe/Berlin" });
    expect(status).toBe(200);
    expect(json).toEqual({
      venue_id: "changing",
      ...DEFAULTS,
      name: "Gym",
      proximity: 2.5,
      min_minutes: 3,
      time_zone: "Europe/Berlin",
      place: null,
    });
    // What GET answers can be put back.
    expect((await put("changing", json)).json).toEqual(json);
  });

  test("gives the settings a new version with each change, and none where nothing changes", async () => {
    const first = await door.createVenue("versions", { name: "one" });
    await put("versions", { name: "two" });
    const second = await loadVenue(door.redis, "versions");
    await put("versions", { name: "two" });
    const third = await loadVenue(door.redis, "versions");
    expect(second?.version).not.toBe(first.version);
    expect(third?.version).toBe(second?.version);
    expect(second?.incarnation).toBe(first.incarnation);
  });

  test.each([
    [{ max_accuracy: 51 }, "max_accuracy must be a number between 0 and 50 m"],
    [{ max_accuracy: -1 }, "max_accuracy"],
    [{ proximity: "5" }, "proximity must be a number"],
    [{ proximity: 5.05 }, "steps of 0.1"],
    [{ proximity: 11 }, "cap must be between proximity and 25 m"],
    [{ cap: 4.9 }, "cap must be between proximity and 25 m"],
    [{ cap: 25.1 }, "cap must be a number between proximity and 25 m"],
    [{ min_minutes: 0 }, "between 1 and 1440"],
    [{ min_minutes: 1441 }, "between 1 and 1440"],
    [{ min_minutes: 2.5 }, "whole number"],
    [{ retention_days: 0 }, "between 1 and 3650"],
    [{ retention_days: 3651 }, "between 1 and 3650"],
    [{ time_zone: "Mars/Olympus" }, "IANA"],
    [{ name: "" }, "1 to 200 characters"],
    [{ name: null }, "1 to 200 characters"],
    [{ mappedin: "yes" }, "true or false"],
    [{ proximty: 5 }, 'unknown setting "proximty"'],
    [{ venue_id: "another" }, "venue_id must be the one of the path"],
    [[], "JSON object"],
    ["[1,", "not JSON"],
    ['{"__proto__":{"x":1}}', "not JSON"],
  ])("refuses %j", async (body, message) => {
    const { status, json } = await put("refusing", body);
    expect(status).toBe(400);
    expect(json.error.code).toBe("bad_request");
    expect(json.error.message).toContain(message);
    expect((await door.ask("/v1/venues/refusing")).status).toBe(404);
  });

  test("takes any id that a venue may have, and refuses the others", async () => {
    for (const id of ["a/b", "ä 😀", "%", "?#&", "...", "x".repeat(128), "日".repeat(128), "{v}", "*"]) {
      expect((await put(id)).status, id).toBe(201);
      expect((await door.ask(`/v1/venues/${encodeURIComponent(id)}`)).json.venue_id).toBe(id);
    }
    for (const id of ["x".repeat(129), "a\u0000", "tab\t"]) {
      const { status, json } = await put(id);
      expect([status, json.error.code], JSON.stringify(id)).toEqual([400, "bad_request"]);
    }
  });

  test("loses no change of two services that change a venue at once", async () => {
    await put("raced", {});
    const changes = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? { name: `name ${index}` } : { min_minutes: index },
    );
    const answers = await Promise.all(changes.map((change) => put("raced", change)));
    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    const { name, min_minutes: minutes } = (await door.ask("/v1/venues/raced")).json;
    expect(name).toMatch(/^name /);
    expect(minutes % 2).toBe(1);
  });

  test("creates a venue once, however many create it at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => put("once", { min_minutes: index + 1 })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await listVenueIds(door.redis)).filter((id) => id === "once")).toHaveLength(1);
  });

  test("keeps the cap once the venue has fixes", async () => {
    const record = await door.createVenue("capped", { cap: 8 });
    expect((await put("capped", { cap: 9 })).status).toBe(200);
    await door.feed({ ...record, version: (await loadVenue(door.redis, "capped"))?.version ?? "" }, [
      at("a", NOW_MINUTE, 0),
    ]);
    const { status, json } = await put("capped", { cap: 12, name: "not this either" });
    expect([status, json.error.code]).toEqual([409, "conflict"]);
    expect(json.error.message).toContain("cap is fixed at 9 m");
    expect((await door.ask("/v1/venues/capped")).json).toMatchObject({ cap: 9, name: "capped" });
    expect((await put("capped", { cap: 9, name: "the same cap is fine" })).status).toBe(200);
  });

  test("has the retention of what is stored set anew where it changes", async () => {
    await put("retaining", {});
    await put("retaining", { name: "no" });
    await put("retaining", { retention_days: 30 });
    const jobs = await queue.getJobs(["waiting", "delayed"]);
    expect(jobs.filter(({ data }) => data.venueId === "retaining").map(({ data }) => data)).toEqual([
      { kind: "retention", venueId: "retaining" },
    ]);
  });
});

describe("GET", () => {
  test("lists venues by id, as UTF-16 units order them", async () => {
    await Promise.all(["list B", "list a", "list ä", "list Z"].map((id) => put(id)));
    const { status, json } = await door.ask("/v1/venues");
    expect(status).toBe(200);
    const ids = json.venues.map((venue: { venue_id: string }) => venue.venue_id);
    expect(ids.filter((id: string) => id.startsWith("list "))).toEqual(["list B", "list Z", "list a", "list ä"]);
    expect(ids).toEqual([...ids].sort());
    expect(json.venues[0]).toMatchObject({ time_zone: "UTC" });
  });

  test("answers 404 for a venue that is not there", async () => {
    const { status, json } = await door.ask("/v1/venues/nowhere");
    expect([status, json.error.code]).toEqual([404, "not_found"]);
  });
});

describe("DELETE", () => {
  test("ends a venue; the same id later starts empty", async () => {
    const record = await door.createVenue("mortal", { min_minutes: 1 });
    const fixes = [at("a", NOW_MINUTE, 0), at("b", NOW_MINUTE, 1)];
    await door.feed(record, fixes);
    await door.evaluate(record);
    expect((await door.ask("/v1/venues/mortal/contacts")).json.contacts).toHaveLength(1);

    expect((await door.ask("/v1/venues/mortal", { method: "DELETE" })).status).toBe(204);
    expect((await door.ask("/v1/venues/mortal")).status).toBe(404);
    expect((await door.ask("/v1/venues/mortal/contacts")).status).toBe(404);
    expect((await door.ask("/v1/venues/mortal", { method: "DELETE" })).status).toBe(404);
    expect(await listVenueIds(door.redis)).not.toContain("mortal");
    const jobs = await queue.getJobs(["waiting", "delayed"]);
    expect(jobs.map(({ data }) => data)).toContainEqual({
      kind: "purge",
      venueId: "mortal",
      incarnation: record.incarnation,
    });
    // What still runs for the ended venue writes nothing.
    await expect(door.feed(record, fixes)).rejects.toThrow();

    const again = await door.createVenue("mortal");
    expect(again.incarnation).not.toBe(record.incarnation);
    expect(again.settings.min_minutes).toBe(5);
    expect((await door.ask("/v1/venues/mortal/contacts?min_minutes=1")).json.contacts).toEqual([]);
    expect((await door.ask("/v1/venues/mortal/devices")).json.devices).toEqual([]);
  });

  test("has all that the venue stored removed, once it has ended, and nothing of its successor", async () => {
    const record = await door.createVenue("swept");
    await door.feed(record, [at("a", NOW_MINUTE, 0), at("b", NOW_MINUTE, 1)]);
    const log = createLog("test", "silent");
    const job = { kind: "purge", venueId: "swept", incarnation: record.incarnation } as const;
    await expect(maintain(door.redis, job, log)).rejects.toThrow("not ended yet");
    expect((await door.redis.keys(`${record.keys.prefix}*`)).length).toBeGreaterThan(5);

    await door.ask("/v1/venues/swept", { method: "DELETE" });
    const next = await door.createVenue("swept");
    await door.feed(next, [at("c", NOW_MINUTE, 0)]);
    await maintain(door.redis, job, log);
    expect(await door.redis.keys(`${record.keys.prefix}*`)).toEqual([]);
    expect((await door.ask("/v1/venues/swept/devices")).json.devices).toMatchObject([{ device_id: "c" }]);
  });
});
