import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOW_MINUTE, together } from "./fixes.ts";
import { OPERATOR_TOKEN, OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  await door.createVenue("v");
});
afterAll(async () => {
  await door.close();
});

/** Sends a path as it is, which `fetch` would tidy up. */
function askRaw(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(door.api.url);
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
    request({ hostname, port, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .once("error", reject)
      .end();
  });
}

describe("what cannot be done is answered in one form", () => {
  test.each([
    ["GET", "/v1/nothing", 404, "not_found"],
    ["GET", "/nothing", 404, "not_found"],
    ["POST", "/nothing", 404, "not_found"],
    ["GET", "/v1/venues/v/minutes/1/2", 404, "not_found"],
    ["POST", "/v1/venues/v/contacts", 405, "method_not_allowed"],
    ["PATCH", "/v1/venues/v", 405, "method_not_allowed"],
    ["DELETE", "/v1/venues", 405, "method_not_allowed"],
    ["POST", "/health/live", 405, "method_not_allowed"],
    ["GET", "/v1/venues/v/minutes/tomorrow", 400, "bad_request"],
    ["GET", "/v1/venues/v/minutes/-1", 400, "bad_request"],
    ["GET", "/v1/venues?limit=3", 200, undefined],
  ])("%s %s", async (method, path, status, code) => {
    const answer = await door.ask(path, { method });
    expect([answer.status, answer.json.error?.code]).toEqual([status, code]);
    if (code === undefined) return;
    expect(Object.keys(answer.json)).toEqual(["error"]);
    expect(Object.keys(answer.json.error)).toEqual(["code", "message"]);
    expect(answer.headers.get("content-type")).toContain("application/json");
    if (status === 405) expect(answer.headers.get("allow")).toContain("GET");
  });

  test("a path that is no UTF-8", async () => {
    for (const path of ["/v1/venues/%E0%A4%A", "/v1/venues/%FF", "/v1/venues/v/devices/%"]) {
      const { status, text } = await askRaw(path);
      expect([status, JSON.parse(text).error.code], path).toEqual([400, "bad_request"]);
    }
  });

  test("ids that no venue or device can have", async () => {
    for (const path of [
      `/v1/venues/${"x".repeat(129)}`,
      "/v1/venues/a%00b",
      `/v1/venues/v/devices/${"x".repeat(129)}/contacts`,
    ]) {
      const { status, json } = await door.ask(path);
      expect([status, json.error.code], path).toEqual([400, "bad_request"]);
    }
    expect((await askRaw("/v1/venues/v/devices/%2E%2E/contacts")).status).toBe(400);
  });

  test("a body that is not JSON, of another type, or too large", async () => {
    const put = (body: string, type = "application/json") =>
      door.ask("/v1/venues/v", { method: "PUT", body, headers: { "content-type": type } });
    expect(await put("{")).toMatchObject({ status: 400, json: { error: { code: "bad_request" } } });
    expect(await put("a=b", "application/x-www-form-urlencoded")).toMatchObject({
      status: 415,
      json: { error: { code: "unsupported_media_type" } },
    });
    expect(await put("{}", "text/plain")).toMatchObject({ status: 415 });
    expect(await put(JSON.stringify({ name: "x".repeat(2_000_000) }))).toMatchObject({
      status: 413,
      json: { error: { code: "too_large" } },
    });
  });

  test("what is no HTTP, or too long", async () => {
    const { status, json } = await door.ask(`/v1/venues/${"x".repeat(20_000)}`);
    expect([status, json.error.code]).toEqual([431, "too_large"]);
    const { hostname, port } = new URL(door.api.url);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), hostname, () => socket.write("nonsense\r\n\r\n"));
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(JSON.parse(answer.split("\r\n\r\n")[1] as string).error.code).toBe("bad_request");
  });

  test("every answer carries the headers that guard the map's page", async () => {
    for (const path of ["/v1/venues", "/nothing", "/", "/docs", "/health/live"]) {
      const { headers } = await door.ask(path);
      expect(headers.get("content-security-policy"), path).toContain("script-src 'self';");
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.has("access-control-allow-origin")).toBe(false);
    }
    expect((await door.ask("/v1/venues")).headers.get("cache-control")).toBe("no-store");
  });
});

describe("while Redis is away", () => {
  const PATHS = [
    "/health/ready",
    "/v1/venues",
    "/v1/venues/v",
    "/v1/venues/v/contacts",
    "/v1/venues/v/devices/d/contacts",
    "/v1/venues/v/devices",
    "/v1/venues/v/status",
  ];

  test("calls are answered 503 at once, and work again when it is back", async () => {
    const record = await door.createVenue("lasting", { min_minutes: 1 });
    await door.feed(record, together("a", "b", NOW_MINUTE, 1, 1));
    await door.evaluate(record);
    await door.server.kill();
    for (const path of PATHS) {
      const { status, headers, json } = await door.ask(path);
      expect([status, json.error.code], path).toEqual([503, "unavailable"]);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect((await door.ask("/v1/venues/v", { method: "PUT", body: {} })).status).toBe(503);
    expect((await door.ask("/v1/venues/v", { method: "DELETE" })).status).toBe(503);
    expect((await door.ask("/health/live")).status).toBe(200);

    await door.server.restart();
    await expect.poll(async () => (await door.ask("/health/ready")).status, { timeout: 10_000 }).toBe(200);
    expect((await door.ask("/v1/venues/lasting/contacts")).json.contacts).toHaveLength(1);
  });

  test("a Redis that hangs is given up", async () => {
    door.server.pause();
    try {
      const { status, json } = await door.ask("/v1/venues/v/contacts");
      expect([status, json.error.code]).toEqual([503, "unavailable"]);
    } finally {
      door.server.resume();
    }
    await expect.poll(async () => (await door.ask("/v1/venues/v/contacts")).status, { timeout: 10_000 }).toBe(200);
  });
});
