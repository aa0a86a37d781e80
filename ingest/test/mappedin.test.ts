import { activate } from "@encounter/core/service/credential-invite";
import { readJwtSecret } from "@encounter/core/service/credential-mappedin";
import { revokeDeviceTokens } from "@encounter/core/service/credential-store";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import { VenueEditor, type VenueRecord } from "@encounter/core/service/venue-store";
import { SignJWT } from "jose";
import { decodeJwt } from "jose/jwt/decode";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DoorUnderTest, OPERATOR_TOKEN, startDoor } from "./door-under-test.ts";

let door: DoorUnderTest;
let venue: VenueRecord;
/** Where the door's clock is ahead of the test's. */
let aheadMs = 0;

beforeAll(async () => {
  door = await startDoor({}, () => Date.now() + aheadMs);
});

afterAll(() => door.stop());

beforeEach(async () => {
  aheadMs = 0;
  await door.redis.flushall();
  venue = (await door.newVenue("office 1/東", { mappedin: true })).record;
});

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Request {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Sends bodies as phones do: without saying that they are JSON. */
async function call<Body = { error: string }>(path: string, request: Request = {}): Promise<Answer<Body>> {
  const { method = "POST", headers = {}, body } = request;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(door.url + path, { method, headers, ...(text === undefined ? {} : { body: text }) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

const OPERATOR = basic("operator", OPERATOR_TOKEN);

const inviteCode = (venueId: string, body: unknown = { maxUses: 10 }, headers = OPERATOR) =>
  call<{ code: string; venue: string; maxUses: number; error: string }>(`/invite-code/${encodeURIComponent(venueId)}`, {
    headers,
    body,
  });

const activateDevice = (deviceId: string, code: string) =>
  call<{ venue: string; error: string }>(`/device/${encodeURIComponent(deviceId)}/activate`, {
    body: { deviceType: "iPhone 11", code },
  });

const deviceToken = (deviceId: string) =>
  call<{ expiresAt: string; token: string; error: string }>(`/device/${encodeURIComponent(deviceId)}/token`, {
    method: "GET",
  });

const sendPositions = (token: string, positions: unknown, headers: Record<string, string> = {}) =>
  call<{ status: number; message: string }[]>("/positions", {
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: positions,
  });

function position(deviceId: string, change: object = {}) {
  const lonlat = [-80.5358, 43.4829];
  return {
    device: deviceId,
    time: Date.now(),
    lonlat,
    acc: 2.5,
    floor: 0,
    userConsent: true,
    venue: venue.venueId,
    ...change,
  };
}

/** A device's token, by all the steps that it takes. */
async function tokenOf(deviceId: string, venueId = venue.venueId): Promise<string> {
  const { code } = (await inviteCode(venueId)).body;
  expect((await activateDevice(deviceId, code)).body).toEqual({ venue: venueId });
  const { status, body } = await deviceToken(deviceId);
  expect(status).toBe(200);
  return body.token;
}

test("from an invite code to a stored position", async () => {
  const invite = await inviteCode(venue.venueId);
  expect(invite).toMatchObject({ status: 201, body: { venue: venue.venueId, maxUses: 10 } });
  const activation = await activateDevice("A1B2", invite.body.code);
  expect(activation).toMatchObject({ status: 200, body: { venue: venue.venueId } });
  const { status, headers, body } = await deviceToken("A1B2");
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("no-store");
  // Apple's date formats read milliseconds and a zone, and nothing else.
  expect(body.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const lifetimeMs = Date.parse(body.expiresAt) - Date.now();
  expect(lifetimeMs).toBeGreaterThan(3_590_000);
  expect(lifetimeMs).toBeLessThanOrEqual(3_600_000);
  expect(decodeJwt(body.token)).toMatchObject({ venue: venue.venueId, device: "A1B2" });
  const time = Date.now();
  const sent = await sendPositions(body.token, [position("A1B2", { time, lonlat: [-80.5, 43.4], acc: 3, floor: 2 })]);
  expect(sent).toMatchObject({ status: 207, body: [{ status: 200, message: "" }] });
  const [stored] = await readMinuteFixes(door.redis, venue.keys, Math.floor(time / 60_000));
  expect(stored).toMatchObject({ fixTimeMs: time, longitude: -80.5, latitude: 43.4, accuracyM: 3, floor: 2 });
});

test("each position has its status, in the order they were sent", async () => {
  const token = await tokenOf("phone");
  const other = (await door.newVenue("other", { mappedin: true })).record;
  const minute = 60_000;
  const start = Math.floor(Date.now() / minute) * minute - 30 * minute;
  const at = (index: number, change: object = {}) => position("phone", { time: start + index * minute, ...change });
  const sent = await sendPositions(token, [
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
  const token = await tokenOf("phone");
  const sent = [position("phone"), position("phone", { time: Date.now() - 60_000 })];
  expect((await sendPositions(token, sent)).body.map(({ status }) => status)).toEqual([200, 200]);
  expect((await sendPositions(token, sent)).body.map(({ status }) => status)).toEqual([409, 409]);
});

test("more positions than a frame holds are stored all the same", async () => {
  const token = await tokenOf("phone");
  const nowMs = Date.now();
  const positions = Array.from({ length: 2_500 }, (_, index) => position("phone", { time: nowMs - index * 60_000 }));
  positions.push(position("phone", { time: nowMs - 2_200 * 60_000 }), position("phone", { acc: 50 }));
  const statuses = (await sendPositions(token, positions)).body.map(({ status }) => status);
  expect(statuses).toEqual([...Array(2_500).fill(200), 409, 400]);
});

test.each([
  ["none", {}],
  ["JSON", { "content-type": "application/json;charset=utf-8" }],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }],
  ["nonsense", { "content-type": "nonsense" }],
])("a body is read as JSON when its content type is %s", async (_what, headers) => {
  const token = await tokenOf("phone");
  expect((await sendPositions(token, [position("phone")], headers)).body).toEqual([{ status: 200, message: "" }]);
});

test("a body that is no array of JSON is a 400", async () => {
  const token = await tokenOf("phone");
  for (const body of ["{", "", "{}", "null", "5"]) {
    const answer = await call("/positions", { headers: { authorization: `Bearer ${token}` }, body });
    expect(answer.status, body).toBe(400);
    expect(typeof answer.body.error).toBe("string");
  }
  expect(await sendPositions(token, [])).toMatchObject({ status: 207, body: [] });
});

test("a code lets as many devices in as it is for; a device that comes again is not counted again", async () => {
  const { code } = (await inviteCode(venue.venueId, { maxUses: 1 })).body;
  expect((await activateDevice("phone 1", code)).status).toBe(200);
  expect((await activateDevice("phone 1", code)).status).toBe(200);
  expect(await activateDevice("phone 2", code)).toMatchObject({ status: 400, body: { error: "code is invalid" } });
  expect(await activateDevice("phone 1", "nonsense")).toMatchObject({
    status: 400,
    body: { error: "code is invalid" },
  });
  expect((await deviceToken("phone 2")).status).toBe(400);
});

test("only the operator makes invite codes", async () => {
  for (const headers of [
    {},
    basic("operator", "wrong"),
    basic("other", OPERATOR_TOKEN),
    { authorization: `Bearer ${OPERATOR_TOKEN}` },
    { authorization: "Basic %%%" },
  ] as Record<string, string>[]) {
    const answer = await inviteCode(venue.venueId, { maxUses: 1 }, headers as typeof OPERATOR);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
    expect(typeof answer.body.error).toBe("string");
  }
});

test.each([0, -1, 1.5, "5", null, undefined, 1e9])("an invite code for %s devices is a 400", async (maxUses) => {
  expect((await inviteCode(venue.venueId, { maxUses })).status).toBe(400);
});

test("a device that was not activated here has no token, however it came to the venue", async () => {
  expect((await deviceToken("phone")).status).toBe(400);
  const { code } = (await inviteCode(venue.venueId)).body;
  await activate(door.redis, code, "phone");
  const answer = await deviceToken("phone");
  expect(answer.status).toBe(400);
  expect(typeof answer.body.error).toBe("string");
});

test("a venue that does not serve this contract is as if it were not there", async () => {
  const { code } = (await inviteCode(venue.venueId)).body;
  const token = await tokenOf("phone");
  const asIf = async (venueId: string) => ({
    invite: [(await inviteCode(venueId)).status, (await inviteCode(venueId)).body],
    activation: (await activateDevice("phone 2", code)).body,
    token: (await deviceToken("phone")).body,
    positions: await sendPositions(token, [position("phone")]).then(({ status, body }) => [status, body]),
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
  const { code } = (await inviteCode(venue.venueId, { maxUses: 1 })).body;
  await new VenueEditor(door.redis).save(venue.venueId, { mappedin: false });
  expect((await activateDevice("phone 1", code)).status).toBe(400);
  await new VenueEditor(door.redis).save(venue.venueId, { mappedin: true });
  expect((await activateDevice("phone 2", code)).status).toBe(200);
});

test("a token ends with its hour", async () => {
  const token = await tokenOf("phone");
  aheadMs = 3_590_000;
  expect((await sendPositions(token, [])).status).toBe(207);
  aheadMs = 3_600_000;
  expect((await sendPositions(token, [])).status).toBe(401);
});

test("a token ends when its device is revoked, activated elsewhere, or its venue deleted", async () => {
  const revoked = await tokenOf("phone 1");
  await revokeDeviceTokens(door.redis, venue, "phone 1");
  expect((await sendPositions(revoked, [])).status).toBe(401);
  expect((await deviceToken("phone 1")).status).toBe(400);

  const moved = await tokenOf("phone 2");
  await door.newVenue("other", { mappedin: true });
  await tokenOf("phone 2", "other");
  expect((await sendPositions(moved, [])).status).toBe(401);

  const orphaned = await tokenOf("phone 3");
  await new VenueEditor(door.redis).delete(venue);
  expect((await sendPositions(orphaned, [])).status).toBe(401);
  await door.newVenue(venue.venueId, { mappedin: true });
  expect((await sendPositions(orphaned, [])).status).toBe(401);
  expect((await deviceToken("phone 3")).status).toBe(400);
});

test("only what the venue's secret signed by HS256, with an end, is a token", async () => {
  const good = await tokenOf("phone");
  const secret = (await readJwtSecret(door.redis, venue)) as Uint8Array;
  const claims = { venue: venue.venueId, device: "phone" };
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (alg: string, key: Uint8Array, end: number | null, change: object = {}) => {
    const jwt = new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg });
    return (end === null ? jwt : jwt.setExpirationTime(end)).sign(key);
  };
  await door.newVenue("other", { mappedin: true });
  const others = await tokenOf("phone 2", "other");
  const [header, payload, signature] = good.split(".") as [string, string, string];
  const wrong = {
    "no signature": `${encode({ alg: "none" })}.${encode({ ...claims, exp: inAnHour })}.`,
    "alg none with a signature": `${encode({ alg: "none" })}.${payload}.${signature}`,
    "another secret": await signed("HS256", Buffer.alloc(32), inAnHour),
    "another algorithm": await signed("HS512", Buffer.concat([secret, secret]), inAnHour),
    "no end": await signed("HS256", secret, null),
    "no device": await signed("HS256", secret, inAnHour, { device: undefined }),
    "a device that is not active": await signed("HS256", secret, inAnHour, { device: "phone 3" }),
    "another venue's device": await signed("HS256", secret, inAnHour, { device: "phone 2" }),
    "another venue": await signed("HS256", secret, inAnHour, { venue: "other" }),
    "another payload": `${header}.${others.split(".")[1]}.${signature}`,
    nonsense: "nonsense",
  };
  for (const [what, token] of Object.entries(wrong)) {
    const answer = await sendPositions(token, [position("phone")]);
    expect(answer.status, what).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  }
  expect((await call("/positions", { body: [] })).status).toBe(401);
  expect((await sendPositions(good, [position("phone")])).body).toEqual([{ status: 200, message: "" }]);
  expect((await sendPositions(await signed("HS256", secret, inAnHour), [])).status).toBe(207);
});

test("the longest ids are devices, texts that are none are not", async () => {
  const longest = "東".repeat(128);
  const token = await tokenOf(longest);
  expect((await sendPositions(token, [position(longest)])).body).toEqual([{ status: 200, message: "" }]);
  const { code } = (await inviteCode(venue.venueId)).body;
  expect((await activateDevice("a\nb", code)).status).toBe(400);
  expect((await activateDevice("東".repeat(129), code)).status).toBe(400);
});

test("while Redis does not answer, clients are told to come again", async () => {
  const token = await tokenOf("phone");
  await door.server.kill();
  await vi.waitFor(async () => expect((await fetch(`${door.url}/health/ready`)).status).toBe(503));
  const answers = [
    await sendPositions(token, [position("phone")]),
    await deviceToken("phone"),
    await activateDevice("phone", "0000-0000-0000"),
    await inviteCode(venue.venueId),
  ];
  await door.server.restart();
  for (const { status, headers, body } of answers) {
    expect(status).toBe(503);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(typeof (body as unknown as { error: string }).error).toBe("string");
  }
  await vi.waitFor(async () => expect((await deviceToken("phone")).status).toBe(200), { timeout: 10_000 });
});
