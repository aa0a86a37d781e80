import { activate, createInvite } from "@encounter/core/service/credential-invite";
import { checkPseudonyms } from "@encounter/core/service/pseudonym-check";
import { PseudonymKeyError, Pseudonyms } from "@encounter/core/service/pseudonyms";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendOnlyBytes, formsOf, keysThatHold } from "../../core/test/everything-stored.ts";
import { type DoorUnderTest, MACHINE_KEY, OPERATOR_TOKEN, startDoor } from "./door-under-test.ts";

const pseudonyms = new Pseudonyms(MACHINE_KEY);
const DEVICES = ["Täg 1/7*", "invited device", "mappedin:device", "sent by a gateway"];
let door: DoorUnderTest;
let redis: Redis;
let venue: VenueRecord;
let gatewayKey: string;

beforeAll(async () => {
  door = await startDoor();
  redis = door.redis as Redis;
  ({ record: venue, key: gatewayKey } = await door.newVenue("hidden", { pseudonyms: true, mappedin: true }));
});
afterAll(() => door.stop());

async function post(path: string, body: unknown, authorization = ""): Promise<{ status: number; body: never }> {
  const headers = { "content-type": "application/json", ...(authorization === "" ? {} : { authorization }) };
  const response = await fetch(door.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as never };
}

function fixOf(deviceId: string, minutesAgo = 0) {
  const position = { latitude: 45, longitude: 120, accuracy: 1 };
  return { device_id: deviceId, venue_id: "hidden", timestamp: Date.now() - minutesAgo * 60_000, position };
}

describe("a venue with pseudonyms", () => {
  test("takes fixes, activations and MappedIn's calls by a device's own id", async () => {
    const [tag, invited, mappedin, sent] = DEVICES as [string, string, string, string];
    const frame = [fixOf(tag), fixOf(sent), fixOf(tag, 1), fixOf(sent)];
    const answer = await post("/v1/positions", frame, `Bearer ${gatewayKey}`);
    expect(answer.body).toMatchObject({ counts: { accepted: 3, repeated: 1 } });

    const code = (await createInvite(door.redis, venue, 9))?.code ?? "";
    const { token } = (await post("/v1/activate", { code, device_id: invited })).body as { token: string };
    expect((await post("/v1/positions", fixOf(invited), `Bearer ${token}`)).body).toMatchObject({
      counts: { accepted: 1 },
    });
    const fromAnother = await post("/v1/positions", fixOf(tag, 2), `Bearer ${token}`);
    expect(fromAnother.body).toMatchObject({ counts: { forbidden: 1 } });
    const renewed = (await post("/v1/token", {}, `Bearer ${token}`)).body as { token: string };
    expect((await post("/v1/positions", fixOf(invited, 1), `Bearer ${renewed.token}`)).body).toMatchObject({
      counts: { accepted: 1 },
    });

    const device = `/device/${encodeURIComponent(mappedin)}`;
    const basic = `Basic ${Buffer.from(`operator:${OPERATOR_TOKEN}`).toString("base64")}`;
    const invite = (await post("/invite-code/hidden", { maxUses: 2 }, basic)).body as { code: string };
    expect((await post(`${device}/activate`, { deviceType: "x", code: invite.code })).status).toBe(200);
    const jwt = (await (await fetch(`${door.url}${device}/token`)).json()) as { token: string };
    const position = {
      device: mappedin,
      venue: "hidden",
      time: Date.now(),
      lonlat: [8, 47],
      acc: 1,
      userConsent: true,
    };
    const stored = await post("/positions", [position], `Bearer ${jwt.token}`);
    expect(stored.body).toEqual([{ status: 200, message: "" }]);
  });

  test("has stored nobody's own id, neither in Redis nor in its files", async () => {
    const known = await redis.hkeys(venue.keys.devices);
    expect(known.sort()).toEqual(DEVICES.map((id) => pseudonyms.of(venue, id)).sort());
    expect(known.every((name) => /^p_[\w-]{32}$/.test(name))).toBe(true);
    const forms = DEVICES.flatMap(formsOf);
    expect(await keysThatHold(redis, forms)).toEqual([]);
    const files = await appendOnlyBytes(redis);
    expect(forms.filter((form) => files.includes(form))).toEqual([]);
    // This test can fail: a venue without pseudonyms holds them.
    const { key } = await door.newVenue("open");
    await post("/v1/positions", { ...fixOf(DEVICES[0] as string), venue_id: "open" }, `Bearer ${key}`);
    expect(await keysThatHold(redis, forms)).not.toEqual([]);
  });

  test("names a device otherwise than any other venue, and than a later one of its id", async () => {
    const { record: other } = await door.newVenue("hidden too", { pseudonyms: true });
    const names = [venue, other, { ...venue, incarnation: "another" }].map((each) => {
      const pseudonymKey = pseudonyms.fingerprint(each.venueId, each.incarnation);
      return pseudonyms.of({ ...each, pseudonymKey }, "a device");
    });
    expect(new Set(names).size).toBe(3);
    expect(pseudonyms.of(venue, names[0] as string)).toBe(names[0]);
  });
});

test("a service without the key, or with another, does not start beside a venue with pseudonyms, nor serve it", async () => {
  const without = new Pseudonyms(null);
  const withAnother = new Pseudonyms("another key of another machine!!!!");
  await expect(checkPseudonyms(redis, without)).rejects.toThrow(/venue "hidden.*set MACHINE_KEY/);
  await expect(checkPseudonyms(redis, withAnother)).rejects.toThrow(/"hidden.*made with another MACHINE_KEY/);
  await expect(checkPseudonyms(redis, pseudonyms)).resolves.toBeUndefined();
  for (const wrong of [without, withAnother]) {
    expect(() => wrong.of(venue, "a device")).toThrow(PseudonymKeyError);
    const code = (await createInvite(door.redis, venue, 9))?.code ?? "";
    await expect(activate(door.redis, code, "a device", Date.now(), wrong)).rejects.toThrow(PseudonymKeyError);
  }
  expect(await new VenueEditor(door.redis).save("third", { pseudonyms: true })).toMatchObject({ outcome: "invalid" });
});

test("frames for a venue whose pseudonyms were made with another key are refused, and nothing is stored", async () => {
  const editor = new VenueEditor(door.redis, new Pseudonyms("another key of another machine!!!!"));
  const saved = await editor.save("elsewhere", { pseudonyms: true });
  if (!("record" in saved)) throw new Error(saved.outcome);
  const { key } = await door.newVenue("elsewhere");
  const sent = await post("/v1/positions", { ...fixOf("a device"), venue_id: "elsewhere" }, `Bearer ${key}`);
  expect([sent.status, sent.body]).toMatchObject([503, { error: { code: "busy" } }]);
  expect(await redis.exists(saved.record.keys.devices)).toBe(0);
});
