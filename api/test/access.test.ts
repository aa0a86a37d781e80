import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { OPERATOR_TOKEN, OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;
let host: string;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  host = new URL(door.api.url).host;
  await door.createVenue("v");
});
afterAll(async () => {
  await door.close();
});

const own = () => ({ origin: `http://${host}` });

async function signIn(): Promise<string> {
  const { status, headers } = await door.ask("/v1/session", {
    method: "POST",
    guest: true,
    body: { token: OPERATOR_TOKEN },
  });
  expect(status).toBe(204);
  return (headers.get("set-cookie") as string).split(";")[0] as string;
}

const GUARDED: [method: string, path: string][] = [
  ["GET", "/v1/config"],
  ["GET", "/v1/session"],
  ["PUT", "/v1/session/password"],
  ["POST", "/v1/session/second-factor"],
  ["PUT", "/v1/session/second-factor"],
  ["DELETE", "/v1/session/second-factor"],
  ["POST", "/v1/sign-in-links"],
  ["GET", "/v1/accounts"],
  ["PUT", "/v1/accounts/a"],
  ["DELETE", "/v1/accounts/a"],
  ["POST", "/v1/accounts/a/link"],
  ["GET", "/v1/venues/v/accounts"],
  ["PUT", "/v1/venues/v/accounts/a"],
  ["POST", "/v1/venues/v/accounts/a/link"],
  ["GET", "/v1/audit"],
  ["GET", "/v1/audit/chain"],
  ["GET", "/v1/audit/verification"],
  ["GET", "/v1/venues"],
  ["GET", "/v1/venues/v"],
  ["PUT", "/v1/venues/v"],
  ["DELETE", "/v1/venues/v"],
  ["GET", "/v1/venues/v/plan"],
  ["PUT", "/v1/venues/v/plan"],
  ["POST", "/v1/venues/v/keys"],
  ["GET", "/v1/venues/v/keys"],
  ["DELETE", "/v1/venues/v/keys/k"],
  ["POST", "/v1/venues/v/invites"],
  ["POST", "/v1/venues/v/devices/d/token"],
  ["DELETE", "/v1/venues/v/devices/d/token"],
  ["GET", "/v1/venues/v/devices"],
  ["GET", "/v1/venues/v/devices/d/fixes"],
  ["DELETE", "/v1/venues/v/devices/d"],
  ["GET", "/v1/venues/v/erasures"],
  ["GET", "/v1/venues/v/erasures/1"],
  ["GET", "/v1/venues/v/devices/d/contacts"],
  ["GET", "/v1/venues/v/contacts"],
  ["GET", "/v1/venues/v/minutes/1"],
  ["GET", "/v1/venues/v/minutes/1/frame"],
  ["GET", "/v1/venues/v/activity"],
  ["GET", "/v1/venues/v/status"],
  ["GET", "/v1/venues/v/live"],
  ["GET", "/metrics"],
];

describe("who is no operator", () => {
  test.each(GUARDED)("may not %s %s", async (method, path) => {
    const proofs: Record<string, string>[] = [
      {},
      { authorization: "Bearer wrong" },
      { authorization: `Basic ${OPERATOR_TOKEN}` },
      { authorization: OPERATOR_TOKEN },
      { cookie: "encounter_session=forged" },
      { cookie: `encounter_session=${encodeURIComponent(OPERATOR_TOKEN)}` },
    ];
    for (const headers of proofs) {
      const { status, json, headers: answered } = await door.ask(path, { method, guest: true, headers });
      expect([status, json.error.code], JSON.stringify(headers)).toEqual([401, "unauthorized"]);
      expect(answered.get("www-authenticate")).toContain("Bearer");
    }
  });

  test("finds every route of the description guarded, but the open ones", async () => {
    const { paths } = (await door.ask("/openapi.json", { guest: true })).json;
    const open: string[] = [];
    const guarded: string[] = [];
    for (const [path, calls] of Object.entries<Record<string, { security?: unknown[] }>>(paths)) {
      for (const [method, call] of Object.entries(calls)) {
        (call.security?.length === 0 ? open : guarded).push(
          `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "*")}`,
        );
      }
    }
    expect(open.sort()).toEqual(
      [
        "DELETE /v1/session",
        "GET /health/live",
        "GET /health/ready",
        "GET /sign-in/*",
        "GET /v1/sign-in",
        "POST /v1/password",
        "POST /v1/session",
      ].sort(),
    );
    const listed = GUARDED.map(([method, path]) => `${method} ${path}`.replace("/venues/v", "/venues/*"));
    const patterns = listed.map((each) =>
      each
        .replace(/\/(k|1)(?=$|\/frame)/, "/*")
        .replace("/devices/d", "/devices/*")
        .replace(/\/accounts\/a(?=$|\/)/, "/accounts/*"),
    );
    expect(guarded.sort()).toEqual(patterns.sort());
  });

  test("may look at the health, the description and the map", async () => {
    for (const path of ["/health/live", "/health/ready", "/openapi.json", "/docs"]) {
      expect((await door.ask(path, { guest: true })).status, path).toBe(200);
    }
  });
});

describe("the operator token", () => {
  test("opens, with the scheme in any case and blanks about it", async () => {
    for (const authorization of [`Bearer ${OPERATOR_TOKEN}`, `bearer   ${OPERATOR_TOKEN}`]) {
      expect((await door.ask("/v1/venues", { guest: true, headers: { authorization } })).status).toBe(200);
    }
  });

  test("opens from other sites' pages, too: they do not know it", async () => {
    const headers = { origin: "https://elsewhere.example" };
    expect((await door.ask("/v1/venues/v", { method: "PUT", body: {}, headers })).status).toBe(200);
  });
});

describe("a session", () => {
  test("is in a cookie that scripts and other sites cannot use", async () => {
    const { headers } = await door.ask("/v1/session", { method: "POST", guest: true, body: { token: OPERATOR_TOKEN } });
    const cookie = headers.get("set-cookie") as string;
    expect(cookie).toMatch(/^encounter_session=[\w-]{43}; /);
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect(cookie).toContain("Path=/");
    expect(cookie).not.toContain("Secure");
  });

  test("does not start with another token, or for another site's page", async () => {
    const wrong = await door.ask("/v1/session", { method: "POST", guest: true, body: { token: "wrong" } });
    expect([wrong.status, wrong.headers.has("set-cookie")]).toEqual([401, false]);
    for (const body of [{}, { token: 1 }, [], undefined]) {
      expect((await door.ask("/v1/session", { method: "POST", guest: true, body })).status).toBe(400);
    }
    const headers = { origin: "https://elsewhere.example" };
    const foreign = await door.ask("/v1/session", {
      method: "POST",
      guest: true,
      body: { token: OPERATOR_TOKEN },
      headers,
    });
    expect([foreign.status, foreign.headers.has("set-cookie")]).toEqual([403, false]);
  });

  test("opens what the token opens", async () => {
    const cookie = await signIn();
    expect((await door.ask("/v1/venues", { guest: true, headers: { cookie } })).status).toBe(200);
    const changed = await door.ask("/v1/venues/v", {
      method: "PUT",
      body: {},
      guest: true,
      headers: { cookie, ...own() },
    });
    expect(changed.status).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ["no origin", {}],
    ["another origin", { origin: "https://elsewhere.example" }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["an opaque origin", { origin: "null" }],
    ["the browser saying cross-site", { "sec-fetch-site": "cross-site" }],
    ["the browser saying same-site", { "sec-fetch-site": "same-site" }],
  ])("changes nothing with %s", async (_, headers) => {
    const cookie = await signIn();
    for (const method of ["PUT", "DELETE"]) {
      const { status, json } = await door.ask("/v1/venues/v", { method, guest: true, headers: { cookie, ...headers } });
      expect([status, json.error.code]).toEqual([403, "forbidden"]);
    }
    expect((await door.ask("/v1/venues/v")).status).toBe(200);
  });

  test("changes things where the browser says that the page is our own", async () => {
    const headers = { cookie: await signIn(), "sec-fetch-site": "same-origin" };
    expect((await door.ask("/v1/venues/v", { method: "PUT", body: {}, guest: true, headers })).status).toBe(200);
  });

  test("ends by signing out, and only that one", async () => {
    const [cookie, another] = [await signIn(), await signIn()];
    const { status, headers } = await door.ask("/v1/session", { method: "DELETE", guest: true, headers: { cookie } });
    expect(status).toBe(204);
    expect(headers.get("set-cookie")).toMatch(/^encounter_session=; Max-Age=0; /);
    expect((await door.ask("/v1/venues", { guest: true, headers: { cookie } })).status).toBe(401);
    expect((await door.ask("/v1/venues", { guest: true, headers: { cookie: another } })).status).toBe(200);
    expect((await door.ask("/v1/session", { method: "DELETE", guest: true })).status).toBe(204);
  });

  test("is stored as a hash, ends by itself, and is renewed by use", async () => {
    const cookie = await signIn();
    const id = cookie.split("=")[1] as string;
    const keys = await door.redis.keys("encounter:session:*");
    expect(keys.some((key) => key.includes(id))).toBe(false);
    for (const key of keys) await door.redis.expire(key, 100);
    await door.ask("/v1/venues", { guest: true, headers: { cookie } });
    const lifetimes = await Promise.all(keys.map((key) => door.redis.ttl(key)));
    expect(lifetimes.filter((ttl) => ttl > 3_600 - 60)).toHaveLength(1);
    expect(Math.max(...lifetimes)).toBeLessThanOrEqual(3_600);
  });
});

describe("a sign-in link", () => {
  const makeLink = async () => (await door.ask("/v1/sign-in-links", { method: "POST" })).json.url_path as string;

  test("signs in once and leads to the map", async () => {
    const made = await door.ask("/v1/sign-in-links", { method: "POST" });
    expect(made.status).toBe(201);
    expect(Object.keys(made.json)).toEqual(["url_path"]);
    const path = made.json.url_path;
    expect(path).toMatch(/^\/sign-in\/[\w-]{43}$/);

    const first = await door.ask(path, { guest: true });
    expect([first.status, first.headers.get("location")]).toEqual([303, "/"]);
    const cookie = first.headers.get("set-cookie")?.split(";")[0] as string;
    expect((await door.ask("/v1/venues", { guest: true, headers: { cookie } })).status).toBe(200);

    const second = await door.ask(path, { guest: true });
    expect([second.status, second.headers.get("location"), second.headers.has("set-cookie")]).toEqual([
      303,
      "/#sign-in=expired",
      false,
    ]);
  });

  test("signs in one of many who open it at once", async () => {
    const path = await makeLink();
    const answers = await Promise.all(Array.from({ length: 10 }, () => door.ask(path, { guest: true })));
    expect(answers.filter(({ headers }) => headers.has("set-cookie"))).toHaveLength(1);
  });

  test("is not used up by a look at its head", async () => {
    const path = await makeLink();
    await door.ask(path, { method: "HEAD", guest: true });
    expect((await door.ask(path, { guest: true })).headers.get("location")).toBe("/");
  });

  test("that was never made leads to the sign-in page", async () => {
    const { status, headers } = await door.ask("/sign-in/made-up", { guest: true });
    expect([status, headers.get("location")]).toEqual([303, "/#sign-in=expired"]);
  });

  test("lives for a day", async () => {
    await makeLink();
    const [key] = await door.redis.keys("encounter:sign-in:*");
    const ttl = await door.redis.ttl(key as string);
    expect(ttl).toBeGreaterThan(86_300);
    expect(ttl).toBeLessThanOrEqual(86_400);
  });
});

describe("the live feed", () => {
  const statusOf = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(`ws://${host}/v1/venues/v/live`, { headers });
      socket.once("open", () => {
        socket.close();
        resolve(101);
      });
      socket.once("unexpected-response", (_request, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.once("error", reject);
    });

  test("opens for the token, and for a session from our own page alone", async () => {
    const cookie = await signIn();
    expect(await statusOf({ authorization: `Bearer ${OPERATOR_TOKEN}` })).toBe(101);
    expect(await statusOf({ cookie, ...own() })).toBe(101);
    expect(await statusOf({ cookie, origin: "https://elsewhere.example" })).toBe(403);
    expect(await statusOf({ cookie })).toBe(403);
    expect(await statusOf({})).toBe(401);
  });

  test("is no ordinary call", async () => {
    const { status, json, headers } = await door.ask("/v1/venues/v/live");
    expect([status, json.error.code, headers.get("upgrade")]).toEqual([426, "upgrade_required", "websocket"]);
  });
});

test("another operator token signs everybody out", async () => {
  const cookie = await signIn();
  const keys = await door.redis.keys("encounter:session:*");
  expect(keys.length).toBeGreaterThan(0);
  const other = await OperatorsDoor.open(
    { OPERATOR_TOKEN: "another operator's token" },
    { redisUrls: [door.server.url] },
  );
  try {
    expect((await other.ask("/v1/venues", { guest: true, headers: { cookie } })).status).toBe(401);
  } finally {
    await other.close();
  }
  expect((await door.ask("/v1/venues", { guest: true, headers: { cookie } })).status).toBe(200);
});
