import { ROLES, type Role } from "@encounter/core/domain/account";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { RIGHTS } from "../src/access/rights.ts";
import { eventually } from "./eventually.ts";
import { NOW_MINUTE, together } from "./fixes.ts";
import { MapPage } from "./map-page.ts";
import { OperatorsDoor, type Person } from "./operators-door.ts";

const MINUTE = NOW_MINUTE - 2;
let door: OperatorsDoor;
const people = new Map<Role | "nobody here", Person>();

beforeAll(async () => {
  door = await OperatorsDoor.open();
  const here = await door.createVenue("here");
  await door.createVenue("there");
  await door.feed(here, together("alice's phone", "bob's phone", NOW_MINUTE - 6, 6, 2));
  await door.evaluate(here);
  for (const role of ROLES) people.set(role, await door.person(role, { here: [role] }));
  people.set("nobody here", await door.person("stranger", { there: [...ROLES] }));
});
afterAll(() => door.close());

type Row = [call: string, who: readonly Role[]];
const CASE = "?case=C-17";

/** What the roles may do, said again: a change of the table of rights must be meant. Bodies are left out: 400 is in. */
const ROWS: readonly Row[] = [
  ["GET /v1/venues/here", ROLES],
  ["GET /v1/venues/here/plan", ["viewer", "tracer", "admin"]],
  ["GET /v1/venues/here/status", ["viewer", "tracer", "admin"]],
  ["GET /v1/venues/here/activity", ["viewer", "tracer"]],
  [`GET /v1/venues/here/minutes/${MINUTE}${CASE}`, ["viewer", "tracer"]],
  [`GET /v1/venues/here/minutes/${MINUTE}/frame${CASE}`, ["viewer", "tracer"]],
  ["GET /v1/venues/here/devices", ["tracer"]],
  [`GET /v1/venues/here/devices/d/fixes${CASE}`, ["tracer"]],
  [`GET /v1/venues/here/devices/d/contacts${CASE}`, ["tracer"]],
  [`GET /v1/venues/here/contacts${CASE}`, ["tracer"]],
  ["PUT /v1/venues/here", ["admin"]],
  ["PUT /v1/venues/here/plan", ["admin"]],
  ["GET /v1/venues/here/keys", ["admin"]],
  ["POST /v1/venues/here/keys", ["admin"]],
  ["DELETE /v1/venues/here/keys/k", ["admin"]],
  ["POST /v1/venues/here/invites", ["admin"]],
  ["POST /v1/venues/here/devices/d/token", ["admin"]],
  ["DELETE /v1/venues/here/devices/d/token", ["admin"]],
  ["DELETE /v1/venues/here/devices/d", ["admin"]],
  ["GET /v1/venues/here/erasures", ["admin", "auditor"]],
  ["GET /v1/venues/here/erasures/none", ["admin", "auditor"]],
  ["GET /v1/venues/here/accounts", ["admin"]],
  ["PUT /v1/venues/here/accounts/viewer", ["admin"]],
  ["POST /v1/venues/here/accounts/viewer/link", ["admin"]],
  ["DELETE /v1/venues/here", []],
];

const status = async (who: Role | "nobody here", call: string) => {
  const [method = "", path = ""] = call.split(" ");
  return (people.get(who) as Person).ask(path, { method });
};

describe.each(ROWS)("%s", (call, allowed) => {
  test(`is for ${allowed.join(", ") || "the machine's owner"}`, async () => {
    for (const role of ROLES) {
      const { status: answered, text } = await status(role, call);
      if (!allowed.includes(role))
        expect([role, answered, text]).toEqual([role, 403, expect.stringContaining("this is for")]);
      else expect([401, 403, 500, 503], `${role}: ${text}`).not.toContain(answered);
    }
  });

  test("tells whoever has rights elsewhere the same as of a venue that does not exist", async () => {
    const [foreign, missing] = [
      await status("nobody here", call),
      await status("nobody here", call.replace("here", "nowhere")),
    ];
    expect([foreign.status, foreign.text]).toEqual([404, missing.text.replace("nowhere", "here")]);
  });
});

test("the table above names every call about a venue", () => {
  const named = ROWS.map(([call]) =>
    call
      .replace(CASE, "")
      .replace("/here", "/:venue")
      .replace(`/${MINUTE}`, "/:minute")
      .replace("/devices/d", "/devices/:device")
      .replace("/keys/k", "/keys/:id")
      .replace("/erasures/none", "/erasures/:id")
      .replace("/accounts/viewer", "/accounts/:account"),
  );
  const others = ["GET /v1/venues/:venue/live"];
  const about = Object.keys(RIGHTS).filter((call) => call.includes("/:venue"));
  expect([...named, ...others].sort()).toEqual(about.sort());
});

test("what is the machine owner's is nobody else's", async () => {
  for (const call of [
    "GET /v1/accounts",
    "DELETE /v1/accounts/viewer",
    "POST /v1/sign-in-links",
    "GET /metrics",
    "GET /v1/audit/chain",
  ]) {
    for (const role of ROLES) expect([call, role, (await status(role, call)).status]).toEqual([call, role, 403]);
  }
});

test("each sees the venues that they have a role in", async () => {
  const idsOf = async (who: Role | "nobody here") =>
    (await status(who, "GET /v1/venues")).json.venues.map((venue: { venue_id: string }) => venue.venue_id);
  expect(await idsOf("auditor")).toEqual(["here"]);
  expect(await idsOf("nobody here")).toEqual(["there"]);
  expect((await door.ask("/v1/venues")).json.venues).toHaveLength(2);
});

test("a role ends with its venue: a later one of the same id is another", async () => {
  await door.createVenue("passing");
  const person = await door.person("passer-by", { passing: ["admin"] });
  expect((await person.ask("/v1/venues/passing")).status).toBe(200);
  await door.ask("/v1/venues/passing", { method: "DELETE" });
  await door.createVenue("passing");
  expect((await person.ask("/v1/venues/passing")).status).toBe(404);
  expect((await person.ask("/v1/session")).json.roles).toEqual({});
});

describe("a tracer", () => {
  test.each(["devices/d/contacts", "devices/d/fixes", "contacts", `minutes/${MINUTE}`, `minutes/${MINUTE}/frame`])(
    "says for which case %s are read",
    async (path) => {
      const tracer = people.get("tracer") as Person;
      const without = await tracer.ask(`/v1/venues/here/${path}`);
      expect([without.status, without.json.error.message]).toEqual([400, expect.stringContaining("?case=")]);
      for (const bad of ["", "%20", "x".repeat(129), "%0a"]) {
        expect((await tracer.ask(`/v1/venues/here/${path}?case=${bad}`)).status, bad).toBe(400);
      }
      expect((await tracer.ask(`/v1/venues/here/${path}?case=${"x".repeat(128)}`)).status).toBe(200);
    },
  );

  test("reads what the machine's owner reads", async () => {
    const path = `/v1/venues/here/devices/${encodeURIComponent("alice's phone")}/contacts`;
    const read = await (people.get("tracer") as Person).ask(`${path}${CASE}`);
    const { contacts } = (await door.ask(path)).json;
    expect(contacts).toHaveLength(1);
    expect(read.json.contacts).toEqual(contacts);
  });
});

describe("a viewer", () => {
  const NAME = /phone/;
  const ALIAS = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/;
  const pages: MapPage[] = [];
  afterAll(() => {
    for (const page of pages) page.socket.terminate();
  });
  const watch = (who: Role, query = "") => {
    const { host, origin } = new URL(door.api.url);
    const { cookie } = people.get(who) as Person;
    const page = new MapPage(`ws://${host}/v1/venues/here/live${query}`, { cookie, origin });
    pages.push(page);
    return page;
  };

  test("watches the live map without names, the same numbers as in the past", async () => {
    const [viewer, tracer, caseless] = [watch("viewer"), watch("tracer", CASE), watch("tracer")];
    await eventually(() => expect([viewer.devices.size, tracer.devices.size]).toEqual([2, 2]));
    expect([...tracer.devices.keys()].sort()).toEqual(["alice's phone", "bob's phone"]);
    const numbers = [...viewer.devices.keys()].sort();
    for (const number of numbers) expect(number).toMatch(ALIAS);
    await eventually(() => expect([...viewer.lines.values()]).toEqual([...tracer.lines.values()]));
    await eventually(() => expect(caseless.socket.readyState).toBe(WebSocket.CLOSED));
    const past = await (people.get("viewer") as Person).ask(`/v1/venues/here/minutes/${MINUTE}`);
    expect(past.json.fixes.map((fix: { device_id: string }) => fix.device_id).sort()).toEqual(numbers);
    expect(past.json.pairs).toMatchObject([{ device_id: numbers[0], other: numbers[1] }]);
  });

  test("finds no name anywhere", async () => {
    for (const [call, allowed] of ROWS) {
      if (!allowed.includes("viewer") || !call.startsWith("GET")) continue;
      expect((await status("viewer", call)).text, call).not.toMatch(NAME);
    }
  });

  test("is sent away within seconds once the role is taken, and once signed out", async () => {
    const page = watch("viewer");
    await eventually(() => expect(page.devices.size).toBe(2));
    await door.ask("/v1/venues/here/accounts/viewer", { method: "PUT", body: { roles: ["auditor"] } });
    await eventually(() => expect(page.closed).toEqual({ code: 4401, reason: "rights changed" }));
    await door.ask("/v1/venues/here/accounts/viewer", { method: "PUT", body: { roles: ["viewer"] } });
    const another = watch("viewer");
    await eventually(() => expect(another.devices.size).toBe(2));
    await (people.get("viewer") as Person).ask("/v1/session", { method: "DELETE" });
    await eventually(() => expect(another.closed).toEqual({ code: 4401, reason: "signed out" }));
  });
});

describe("an administrator", () => {
  const admin = () => people.get("admin") as Person;

  test("gives roles in the own venue, to new accounts and others, and takes them", async () => {
    const put = await admin().ask("/v1/venues/here/accounts/newcomer", { method: "PUT", body: { roles: ["viewer"] } });
    expect([put.status, put.json.roles]).toEqual([200, { here: ["viewer"] }]);
    const listed = (await admin().ask("/v1/venues/here/accounts")).json.accounts;
    expect(listed.map(({ name }: { name: string }) => name)).toContain("newcomer");
    expect(listed.map(({ name }: { name: string }) => name)).not.toContain("stranger");
    const link = await admin().ask("/v1/venues/here/accounts/newcomer/link", { method: "POST" });
    expect(link.json.url_path).toMatch(/^\/#set-password=[\w-]{43}$/);
    await admin().ask("/v1/venues/here/accounts/newcomer", { method: "PUT", body: { roles: [] } });
    expect((await admin().ask("/v1/venues/here/accounts/newcomer/link", { method: "POST" })).status).toBe(404);
  });

  test("changes nobody's password who has roles elsewhere, and not the own roles", async () => {
    await admin().ask("/v1/venues/here/accounts/stranger", { method: "PUT", body: { roles: ["viewer"] } });
    const link = await admin().ask("/v1/venues/here/accounts/stranger/link", { method: "POST" });
    expect([link.status, link.json.error.code]).toEqual([403, "forbidden"]);
    await admin().ask("/v1/venues/here/accounts/stranger", { method: "PUT", body: { roles: [] } });
    expect((await people.get("nobody here")?.ask("/v1/session"))?.json.roles).toEqual({ there: [...ROLES].sort() });
    const own = await admin().ask("/v1/venues/here/accounts/admin", { method: "PUT", body: { roles: ["tracer"] } });
    expect(own.status).toBe(403);
  });
});
