import { activateMappedinDevice, findMappedinVenue } from "@encounter/core/service/credential-mappedin";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formsOf, keysThatHold } from "../../core/test/everything-stored.ts";
import { at, NOW_MINUTE } from "./fixes.ts";
import { OperatorsDoor } from "./operators-door.ts";

const MACHINE_KEY = "a key of a machine that exists in tests";
const pseudonyms = new Pseudonyms(MACHINE_KEY);
const OWN_ID = "Wänd 4711/*x";
let door: OperatorsDoor;
let record: VenueRecord;
let name: string;

beforeAll(async () => {
  door = await OperatorsDoor.open({ MACHINE_KEY });
  record = await door.createVenue("hidden", { pseudonyms: true, mappedin: true, min_minutes: 1 });
  name = pseudonyms.of(record, OWN_ID);
});
afterAll(async () => {
  await door.close();
});

const devicePath = (id: string) => `/v1/venues/hidden/devices/${encodeURIComponent(id)}`;

describe("in a venue with pseudonyms", () => {
  test("tokens are made and ended by either id, and kept by the pseudonym", async () => {
    for (const [made, ended] of [
      [OWN_ID, name],
      [name, OWN_ID],
    ] as const) {
      expect((await door.ask(`${devicePath(made)}/token`, { method: "POST" })).status).toBe(201);
      expect(await keysThatHold(door.redis as Redis, formsOf(OWN_ID))).toEqual([]);
      expect((await door.ask(`${devicePath(ended)}/token`, { method: "DELETE" })).status).toBe(204);
    }
  });

  test("queries take the device's own id or its pseudonym, and answer with the pseudonym", async () => {
    const other = pseudonyms.of(record, "other");
    await door.feed(record, [at(name, NOW_MINUTE, 0), at(other, NOW_MINUTE, 2)]);
    await door.evaluate(record);
    const window = `from=${(NOW_MINUTE - 5) * 60_000}&to=${(NOW_MINUTE + 1) * 60_000}`;
    for (const call of ["contacts", "fixes"]) {
      const [byOwnId, byName] = await Promise.all(
        [OWN_ID, name].map((id) => door.ask(`${devicePath(id)}/${call}?${window}`)),
      );
      expect(byOwnId?.json).toEqual(byName?.json);
      expect(byOwnId?.json.device_id).toBe(name);
      expect(byOwnId?.json[call]).toHaveLength(1);
    }
    const { devices } = (await door.ask("/v1/venues/hidden/devices")).json;
    expect(devices.map(({ device_id: id }: { device_id: string }) => id)).toEqual([name, other].sort());
  });

  test.each([OWN_ID, "by its pseudonym"])("a device is erased by %s, its MappedIn activation too", async (id) => {
    const own = id === OWN_ID ? OWN_ID : "another";
    const stored = pseudonyms.of(record, own);
    await door.feed(record, [at(stored, NOW_MINUTE - 2, 0)]);
    await activateMappedinDevice(door.redis, record, own, pseudonyms);
    expect(await findMappedinVenue(door.redis, own, pseudonyms)).not.toBeNull();
    const erased = await door.ask(devicePath(id === OWN_ID ? OWN_ID : stored), { method: "DELETE" });
    expect([erased.status, erased.text.includes(stored)]).toEqual([202, false]);
    expect(await findMappedinVenue(door.redis, own, pseudonyms)).toBeNull();
    expect(await door.redis.hexists(record.keys.devices, stored)).toBe(0);
    expect(await door.redis.smembers(record.keys.mappedinDevices)).toEqual([]);
  });
});

describe("whether a venue has pseudonyms", () => {
  const put = (venueId: string, body: unknown) => door.ask(`/v1/venues/${venueId}`, { method: "PUT", body });

  test("may change while it knows no device", async () => {
    for (const wanted of [false, true, false]) {
      expect((await put("young", { pseudonyms: wanted })).json.pseudonyms).toBe(wanted);
    }
  });

  test("is fixed once it has fixes, or credentials of devices", async () => {
    const { status, json } = await put("hidden", { pseudonyms: false });
    expect([status, json.error.code, json.error.message]).toEqual([409, "conflict", expect.stringContaining("true")]);
    expect((await put("hidden", { pseudonyms: true, min_minutes: 2 })).status).toBe(200);
    await door.createVenue("tokens");
    await door.ask("/v1/venues/tokens/devices/a/token", { method: "POST" });
    expect((await put("tokens", { pseudonyms: true })).status).toBe(409);
  });

  test("is refused by a service without the key, which says what it lacks", async () => {
    const keyless = await OperatorsDoor.open();
    const { status, json } = await keyless.ask("/v1/venues/v", { method: "PUT", body: { pseudonyms: true } });
    expect([status, json.error.message]).toEqual([400, expect.stringContaining("MACHINE_KEY")]);
    await keyless.close();
  });
});
