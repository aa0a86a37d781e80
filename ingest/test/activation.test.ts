import { createInvite } from "@encounter/core/service/credential-invite";
import { createGatewayKey, revokeDeviceTokens, verify } from "@encounter/core/service/credential-store";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DoorUnderTest, startDoor } from "./door-under-test.ts";

let door: DoorUnderTest;
let venue: VenueRecord;

beforeAll(async () => {
  door = await startDoor();
});

afterAll(() => door.stop());

beforeEach(async () => {
  await door.redis.flushall();
  venue = (await door.newVenue("venue")).record;
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { venue_id: string; token: string; expires_at: number; error: { code: string; message: string } };
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(door.url + path, { method: "POST", headers, body: text });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function makeCode(maxUses: number): Promise<string> {
  return (await createInvite(door.redis, venue, maxUses))?.code ?? "";
}

function fixOf(deviceId: string) {
  const position = { latitude: 45, longitude: 120, accuracy: 1 };
  return { device_id: deviceId, venue_id: "venue", timestamp: Date.now(), position };
}

test("a device with a code gets a token that it can send its fixes with", async () => {
  const beforeMs = Date.now();
  const { status, headers, body } = await post("/v1/activate", { code: await makeCode(1), device_id: "phone 東" });
  expect(status).toBe(201);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(Object.keys(body).sort()).toEqual(["expires_at", "token", "venue_id"]);
  expect(body.venue_id).toBe("venue");
  expect(Number.isInteger(body.expires_at)).toBe(true);
  expect(body.expires_at).toBeGreaterThan(beforeMs);
  const sent = await post("/v1/positions", fixOf("phone 東"), bearer(body.token));
  expect(sent).toMatchObject({ status: 200, body: { counts: { accepted: 1 } } });
  const spokenForAnother = await post("/v1/positions", fixOf("phone 2"), bearer(body.token));
  expect(spokenForAnother.body).toMatchObject({ counts: { forbidden: 1 } });
});

test("a code that is used up or unknown gives no token, and says so", async () => {
  const code = await makeCode(1);
  expect((await post("/v1/activate", { code, device_id: "phone 1" })).status).toBe(201);
  const usedUp = await post("/v1/activate", { code, device_id: "phone 2" });
  expect(usedUp).toMatchObject({ status: 403, body: { error: { code: "used_up" } } });
  const unknown = await post("/v1/activate", { code: "0000-0000-0000", device_id: "phone 2" });
  expect(unknown).toMatchObject({ status: 403, body: { error: { code: "unknown_code" } } });
});

test.each([
  ["not JSON", "{"],
  ["empty", ""],
  ["no object", "[]"],
  ["no code", { device_id: "phone" }],
  ["no device", { code: "0000-0000-0000" }],
  ["a number for a device", { code: "0000-0000-0000", device_id: 5 }],
  ["a device that is none", { code: "0000-0000-0000", device_id: ".." }],
  ["a device with a control character", { code: "0000-0000-0000", device_id: "a\nb" }],
])("a request that is %s is a 400 with the reason", async (_what, body) => {
  const answer = await post("/v1/activate", body);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: "bad_request" } } });
  expect(answer.body.error.message).not.toBe("");
});

test("a device exchanges its token for a new one, and both work for a while", async () => {
  const old = await door.newDeviceToken(venue, "phone");
  const { status, body } = await post("/v1/token", "", bearer(old));
  expect(status).toBe(201);
  expect(body.venue_id).toBe("venue");
  expect(body.token).not.toBe(old);
  for (const token of [old, body.token]) {
    expect((await post("/v1/positions", [], bearer(token))).status).toBe(200);
  }
  const grant = await verify(door.redis, old);
  expect(grant?.expiresAtMs).toBeLessThanOrEqual(Date.now() + 5 * 60_000);
});

test("only a valid device token is exchanged", async () => {
  const revoked = await door.newDeviceToken(venue, "phone");
  await revokeDeviceTokens(door.redis, venue, "phone");
  for (const headers of [{}, bearer("nonsense"), bearer(revoked)]) {
    const answer = await post("/v1/token", {}, headers);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  }
  const gateway = (await createGatewayKey(door.redis, venue, "front door"))?.key ?? "";
  expect((await post("/v1/token", {}, bearer(gateway))).status).toBe(403);
});

test("while Redis does not answer, the device is told to come again", async () => {
  const code = await makeCode(1);
  const token = await door.newDeviceToken(venue, "phone");
  await door.server.kill();
  await vi.waitFor(async () => expect((await fetch(`${door.url}/health/ready`)).status).toBe(503));
  const answers = [
    await post("/v1/activate", { code, device_id: "phone" }),
    await post("/v1/token", {}, bearer(token)),
  ];
  await door.server.restart();
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "unavailable" } } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  await vi.waitFor(async () => expect((await post("/v1/activate", { code, device_id: "phone" })).status).toBe(201), {
    timeout: 10_000,
  });
});
