import { activate } from "@encounter/core/service/credential-invite";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { decodeJwt } from "jose/jwt/decode";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DoorUnderTest, OPERATOR_TOKEN, startDoor } from "./door-under-test.ts";
import { basic, MappedinClient, positionOf } from "./mappedin-client.ts";

let door: DoorUnderTest;
let client: MappedinClient;
let venue: VenueRecord;

beforeAll(async () => {
  door = await startDoor();
  client = new MappedinClient(door.url);
});

afterAll(() => door.stop());

beforeEach(async () => {
  await door.redis.flushall();
  venue = (await door.newVenue("office 1/東", { mappedin: true })).record;
});

const position = (deviceId: string, change?: object) => positionOf(deviceId, venue.venueId, change);

test("from an invite code to a stored position", async () => {
  const invite = await client.inviteCode(venue.venueId);
  expect(invite).toMatchObject({ status: 201, body: { venue: venue.venueId, maxUses: 10 } });
  const activation = await client.activate("A1B2", invite.body.code);
  expect(activation).toMatchObject({ status: 200, body: { venue: venue.venueId } });
  const { status, headers, body } = await client.deviceToken("A1B2");
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("no-store");
  // Apple's date formats read milliseconds and a zone, and nothing else.
  expect(body.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const lifetimeMs = Date.parse(body.expiresAt) - Date.now();
  expect(lifetimeMs).toBeGreaterThan(3_590_000);
  expect(lifetimeMs).toBeLessThanOrEqual(3_600_000);
  expect(decodeJwt(body.token)).toMatchObject({ venue: venue.venueId, device: "A1B2" });
  const time = Date.now();
  const sent = await client.sendPositions(body.token, [
    position("A1B2", { time, lonlat: [-80.5, 43.4], acc: 3, floor: 2 }),
  ]);
  expect(sent).toMatchObject({ status: 207, body: [{ status: 200, message: "" }] });
  const [stored] = await readMinuteFixes(door.redis, venue.keys, Math.floor(time / 60_000));
  expect(stored).toMatchObject({ fixTimeMs: time, longitude: -80.5, latitude: 43.4, accuracyM: 3, floor: 2 });
});

test("each position has its status, in the order they were sent", async () => {
  const token = await client.tokenOf("phone", venue.venueId);
  const other = (await door.newVenue("other", { mappedin: true })).record;
  const minute = 60_000;
  const start = Math.floor(Date.now() / minute) * minute - 30 * minute;
  const at = (index: number, change: object = {}) => position("phone", { time: start + index * minute, ...change });
  const sent = await client.sendPositions(token, [
    at(1),
    at(0),
    at(1, { time: start + minute + 999 }),
    at(2, { acc: 4.0001 }),
    at(2, { acc: 4 }),
    at(3, { userConsent: false }),
    at(3, { userConsent: undefined }),
    at(3, { userConsent: "true" }),
    at(4, { venue: other.venueId }),
    at(4, { device: "phone 2" }),
    at(5, { time: Date.now() + 5 * minute }),
    at(6, { time: Date.now() - 15 * 86_400_000 }),
    at(7, { lonlat: [43.4, -89] }),
    at(7, { lonlat: null }),
    at(7, { time: new Date().toISOString() }),
    at(7, { acc: -1 }),
    at(7, { floor: 0.5 }),
    null,
    "position",
    at(8, { floor: undefined, extra: 1 }),
  ]);
  expect(sent.status).toBe(207);
  expect(sent.body.map(({ status }) => status)).toEqual([
    200, 200, 409, 400, 200, 400, 400, 400, 401, 401, 400, 400, 400, 400, 400, 400, 400, 400, 400, 200,
  ]);
  for (const { status, message } of sent.body) {
    expect(typeof message).toBe("string");
    expect(message === "").toBe(status === 200);
  }
  expect(sent.body[12]?.message).toMatch(/^lonlat\[1\] /);
  expect(sent.body[14]?.message).toMatch(/^time /);
  expect(await readMinuteFixes(door.redis, venue.keys, start / minute + 3)).toEqual([]);
});

test("positions sent again are 409, and their minutes keep the first", async () => {
  const token = await client.tokenOf("phone", venue.venueId);
  const sent = [position("phone"), position("phone", { time: Date.now() - 60_000 })];
  expect((await client.sendPositions(token, sent)).body.map(({ status }) => status)).toEqual([200, 200]);
  expect((await client.sendPositions(token, sent)).body.map(({ status }) => status)).toEqual([409, 409]);
});

test("more positions than a frame holds are stored all the same", async () => {
  const token = await client.tokenOf("phone", venue.venueId);
  const nowMs = Date.now();
  const positions = Array.from({ length: 2_500 }, (_, index) => position("phone", { time: nowMs - index * 60_000 }));
  positions.push(position("phone", { time: nowMs - 2_200 * 60_000 }), position("phone", { acc: 50 }));
  const statuses = (await client.sendPositions(token, positions)).body.map(({ status }) => status);
  expect(statuses).toEqual([...Array(2_500).fill(200), 409, 400]);
});

test.each([
  ["none", {}],
  ["JSON", { "content-type": "application/json;charset=utf-8" }],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }],
  ["nonsense", { "content-type": "nonsense" }],
])("a body is read as JSON when its content type is %s", async (_what, headers) => {
  const token = await client.tokenOf("phone", venue.venueId);
  expect((await client.sendPositions(token, [position("phone")], headers)).body).toEqual([
    { status: 200, message: "" },
  ]);
});

test("a body that is no array of JSON is a 400", async () => {
  const token = await client.tokenOf("phone", venue.venueId);
  for (const body of ["{", "", "{}", "null", "5"]) {
    const answer = await client.call("/positions", { headers: { authorization: `Bearer ${token}` }, body });
    expect(answer.status, body).toBe(400);
    expect(typeof answer.body.error).toBe("string");
  }
  expect(await client.sendPositions(token, [])).toMatchObject({ status: 207, body: [] });
});

test("a code lets as many devices in as it is for; a device that comes again is not counted again", async () => {
  const { code } = (await client.inviteCode(venue.venueId, { maxUses: 1 })).body;
  expect((await client.activate("phone 1", code)).status).toBe(200);
  expect((await client.activate("phone 1", code)).status).toBe(200);
  expect(await client.activate("phone 2", code)).toMatchObject({ status: 400, body: { error: "code is invalid" } });
  expect(await client.activate("phone 1", "nonsense")).toMatchObject({
    status: 400,
    body: { error: "code is invalid" },
  });
  expect((await client.deviceToken("phone 2")).status).toBe(400);
});

test("only the operator makes invite codes", async () => {
  for (const headers of [
    {},
    basic("operator", "wrong"),
    basic("other", OPERATOR_TOKEN),
    { authorization: `Bearer ${OPERATOR_TOKEN}` },
    { authorization: "Basic %%%" },
  ] as Record<string, string>[]) {
    const answer = await client.inviteCode(venue.venueId, { maxUses: 1 }, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
    expect(typeof answer.body.error).toBe("string");
  }
});

test.each([0, -1, 1.5, "5", null, undefined, 1e9])("an invite code for %s devices is a 400", async (maxUses) => {
  expect((await client.inviteCode(venue.venueId, { maxUses })).status).toBe(400);
});

test("a device that was not activated here has no token, however it came to the venue", async () => {
  expect((await client.deviceToken("phone")).status).toBe(400);
  const { code } = (await client.inviteCode(venue.venueId)).body;
  await activate(door.redis, code, "phone");
  const answer = await client.deviceToken("phone");
  expect(answer.status).toBe(400);
  expect(typeof answer.body.error).toBe("string");
});

test("a venue that does not serve this contract is as if it were not there", async () => {
  const { code } = (await client.inviteCode(venue.venueId)).body;
  const token = await client.tokenOf("phone", venue.venueId);
  const asIf = async (venueId: string) => ({
    invite: [(await client.inviteCode(venueId)).status, (await client.inviteCode(venueId)).body],
    activation: (await client.activate("phone 2", code)).body,
    token: (await client.deviceToken("phone")).body,
    positions: await client.sendPositions(token, [position("phone")]).then(({ status, body }) => [status, body]),
  });
  await new VenueEditor(door.redis).save(venue.venueId, { mappedin: false });
  const off = await asIf(venue.venueId);
  await new VenueEditor(door.redis).delete(venue);
  const gone = await asIf(venue.venueId);
  expect(off).toEqual(gone);
  expect(off.invite[0]).toBe(404);
  expect(off.positions[0]).toBe(401);
});

test("a refused activation uses nothing of the code up", async () => {
  const { code } = (await client.inviteCode(venue.venueId, { maxUses: 1 })).body;
  await new VenueEditor(door.redis).save(venue.venueId, { mappedin: false });
  expect((await client.activate("phone 1", code)).status).toBe(400);
  await new VenueEditor(door.redis).save(venue.venueId, { mappedin: true });
  expect((await client.activate("phone 2", code)).status).toBe(200);
});

test("the longest ids are devices, texts that are none are not", async () => {
  const longest = "東".repeat(128);
  const token = await client.tokenOf(longest, venue.venueId);
  expect((await client.sendPositions(token, [position(longest)])).body).toEqual([{ status: 200, message: "" }]);
  const { code } = (await client.inviteCode(venue.venueId)).body;
  expect((await client.activate("a\nb", code)).status).toBe(400);
  expect((await client.activate("東".repeat(129), code)).status).toBe(400);
});

test("while Redis does not answer, clients are told to come again", async () => {
  const token = await client.tokenOf("phone", venue.venueId);
  await door.server.kill();
  await vi.waitFor(async () => expect((await fetch(`${door.url}/health/ready`)).status).toBe(503));
  const answers = [
    await client.sendPositions(token, [position("phone")]),
    await client.deviceToken("phone"),
    await client.activate("phone", "0000-0000-0000"),
    await client.inviteCode(venue.venueId),
  ];
  await door.server.restart();
  for (const { status, headers, body } of answers) {
    expect(status).toBe(503);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(typeof (body as unknown as { error: string }).error).toBe("string");
  }
  await vi.waitFor(async () => expect((await client.deviceToken("phone")).status).toBe(200), { timeout: 10_000 });
});
