import { createLog } from "@encounter/core/service/log";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Answer, cookieIn, OPERATOR_TOKEN, OperatorsDoor, type Person } from "./operators-door.ts";

/** What an outsider tries for: everything that holds personal data, or changes something. */
const TARGETS: readonly (readonly [method: string, path: string])[] = [
  ["GET", "/v1/venues"],
  ["GET", "/v1/venues/hall/contacts?case=x"],
  ["GET", "/v1/venues/hall/devices/d/fixes?case=x"],
  ["GET", "/v1/venues/hall/minutes/1?case=x"],
  ["PUT", "/v1/venues/hall"],
  ["POST", "/v1/venues/hall/keys"],
  ["GET", "/v1/audit"],
];
const lines: string[] = [];
let door: OperatorsDoor;
let clockMs = Date.now();
let tracer: Person;
let admin: Person;
let auditedBefore = 0;

beforeAll(async () => {
  const log = createLog("api", "info", { write: (line) => void lines.push(line) });
  door = await OperatorsDoor.open({}, {}, { log, now: () => clockMs });
  await door.createVenue("hall");
  await door.createVenue("elsewhere");
  tracer = await door.person("tracey", { elsewhere: ["tracer", "admin"] });
  admin = await door.person("adam", { hall: ["admin"] });
});
afterAll(() => door.close());

beforeEach(async () => {
  // A line of each kind is told every ten seconds.
  clockMs += 11_000;
  lines.length = 0;
  auditedBefore = (await audit())[0]?.seq ?? 0;
});
afterEach(async () => {
  const told = lines.join("\n") + JSON.stringify((await audit()).filter(({ seq }) => seq > auditedBefore));
  expect(told).not.toMatch(/127\.0\.0\.1|::1|\/devices\/d|forged|eyJ|encounter_session/);
});

const audit = async (): Promise<{ seq: number; action: string; actor: string }[]> =>
  (await door.ask("/v1/audit?limit=1000")).json.entries;
const audited = async () =>
  (await audit()).filter(({ seq }) => seq > auditedBefore).map(({ action, actor }) => `${actor} ${action}`);
const logged = () => lines.map((line) => (JSON.parse(line) as { refused?: string }).refused).filter(Boolean);
const own = () => ({ origin: new URL(door.api.url).origin });

async function tryAll(headers: Record<string, string>, targets = TARGETS): Promise<Set<number>> {
  const answers: Answer[] = [];
  for (const [method, path] of targets) answers.push(await door.ask(path, { method, headers, guest: true }));
  for (const { json } of answers) expect(Object.keys(json)).toEqual(["error"]);
  return new Set(answers.map(({ status }) => status));
}

/** The status with which the live map is refused. */
function watch(headers: Record<string, string>, venue = "hall"): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${door.api.url.replace("http", "ws")}/v1/venues/${venue}/live?case=x`, { headers });
    socket.once("open", () => reject(new Error("it is open")));
    socket.once("unexpected-response", (_, answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    socket.once("error", reject);
  });
}

const unsigned = (claims: object) =>
  `${[{ alg: "none", typ: "JWT" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.`;
const everything = (headers: Record<string, string>) => Promise.all([tryAll(headers), watch(headers)]);

describe("an outsider", () => {
  test("without a credential", async () => {
    expect(await everything(own())).toEqual([new Set([401]), 401]);
    expect(logged()).toEqual(["no credential"]);
  });

  test.each(["operator", "tracey"])("with a forged token that is signed by nobody, for %s", async (sub) => {
    const jwt = unsigned({ sub, role: "operator", venue: "hall", exp: 4_000_000_000 });
    expect(await everything({ authorization: `Bearer ${jwt}` })).toEqual([new Set([401]), 401]);
    const inCookie = { cookie: `encounter_session=${jwt.replaceAll(".", "_")}`, ...own() };
    expect(await everything(inCookie)).toEqual([new Set([401]), 401]);
    expect(logged()).toEqual(["wrong credential", "session over"]);
  });

  test("with a session that is over by time", async () => {
    const person = await door.person("late", { hall: ["tracer"] });
    expect((await person.ask("/v1/venues/hall")).status).toBe(200);
    const before = clockMs;
    clockMs += 13 * 3_600_000;
    expect(await everything({ cookie: person.cookie, ...own() })).toEqual([new Set([401]), 401]);
    expect(logged()).toContain("session over");
    clockMs = before;
  });

  test("with a session that was signed out of", async () => {
    const session = await door.ask("/v1/session", { method: "POST", guest: true, body: { token: OPERATOR_TOKEN } });
    const headers = { cookie: cookieIn(session), ...own() };
    expect((await door.ask("/v1/venues", { guest: true, headers })).status).toBe(200);
    expect((await door.ask("/v1/session", { method: "DELETE", guest: true, headers })).status).toBe(204);
    expect(await everything(headers)).toEqual([new Set([401]), 401]);
    expect(logged()).toEqual(["session over"]);
    expect(await audited()).toEqual(["operator sign-out", "operator sign-in"]);
  });

  test("with an account that was taken away", async () => {
    const person = await door.person("revoked", { hall: ["tracer"] });
    await door.ask("/v1/accounts/revoked", { method: "DELETE" });
    expect(await everything({ cookie: person.cookie, ...own() })).toEqual([new Set([401]), 401]);
    expect(logged()).toEqual(["session over"]);
  });

  test("of another venue", async () => {
    const inVenue = TARGETS.filter(([, path]) => path.includes("hall"));
    const headers = { cookie: tracer.cookie, ...own() };
    expect(await Promise.all([tryAll(headers, inVenue), watch(headers)])).toEqual([new Set([404]), 404]);
    expect(new Set(await audited())).toEqual(new Set(["tracey refused.venue"]));
  });

  test("of another role", async () => {
    const reads = TARGETS.filter(([method, path]) => method === "GET" && path.includes("hall"));
    const headers = { cookie: admin.cookie, ...own() };
    expect(await Promise.all([tryAll(headers, reads), watch(headers)])).toEqual([new Set([403]), 403]);
    expect(new Set(await audited())).toEqual(new Set(["adam refused.role"]));
  });

  test("on another site's page, with the browser's session", async () => {
    const changes = TARGETS.filter(([method]) => method !== "GET");
    const foreign: Record<string, string>[] = [
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      {},
    ];
    for (const headers of foreign) {
      const withSession = { cookie: admin.cookie, ...headers };
      expect([await tryAll(withSession, changes), await watch(withSession)]).toEqual([new Set([403]), 403]);
    }
    expect(new Set(await audited())).toEqual(new Set(["adam refused.origin"]));
    const body = { token: OPERATOR_TOKEN };
    const signIn = await door.ask("/v1/session", {
      method: "POST",
      guest: true,
      body,
      headers: { origin: "https://elsewhere.example" },
    });
    expect([signIn.status, signIn.headers.has("set-cookie")]).toEqual([403, false]);
    expect(logged()).toContain("other origin");
  });

  test("who guesses passwords", async () => {
    for (const name of ["adam", "secret typed as name"]) {
      const body = { name, password: "a guess that is wrong" };
      expect((await door.ask("/v1/session", { method: "POST", guest: true, body })).status).toBe(401);
    }
    expect(await audited()).toEqual(["nobody sign-in.failed", "adam sign-in.failed"]);
    expect((await door.ask("/v1/audit?action=sign-in.failed")).text).not.toContain("secret typed");
  });
});
