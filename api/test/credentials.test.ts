import { activate } from "@encounter/core/service/credential-invite";
import { verify } from "@encounter/core/service/credential-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OperatorsDoor } from "./operators-door.ts";

let door: OperatorsDoor;

beforeAll(async () => {
  door = await OperatorsDoor.open();
  await door.createVenue("v");
});
afterAll(async () => {
  await door.close();
});

const post = (path: string, body?: unknown) => door.ask(`/v1/venues/${path}`, { method: "POST", body });
const remove = (path: string) => door.ask(`/v1/venues/${path}`, { method: "DELETE" });

describe("gateway keys", () => {
  test("are shown once, listed without what they open with, and ended", async () => {
    const made = await post("v/keys", { name: "north gate" });
    expect(made.status).toBe(201);
    expect(Object.keys(made.json).sort()).toEqual(["id", "key"]);
    const { id, key } = made.json;
    expect(await verify(door.redis, key)).toMatchObject({ venueId: "v", kind: "gateway", deviceId: null });

    const { keys } = (await door.ask("/v1/venues/v/keys")).json;
    expect(keys).toEqual([{ id, name: "north gate", created_at: expect.any(Number) }]);
    expect(JSON.stringify(keys)).not.toContain(key);

    expect((await remove(`v/keys/${id}`)).status).toBe(204);
    expect(await verify(door.redis, key)).toBeNull();
    expect((await remove(`v/keys/${id}`)).status).toBe(404);
    expect((await door.ask("/v1/venues/v/keys")).json.keys).toEqual([]);
  });

  test.each([[undefined], [{}], [{ name: "" }], [{ name: 3 }], [{ name: "x".repeat(201) }], [[]]])(
    "need a name, not %j",
    async (body) => {
      const { status, json } = await post("v/keys", body);
      expect([status, json.error.code]).toEqual([400, "bad_request"]);
    },
  );

  test("are none of a venue that is not there", async () => {
    expect((await post("nowhere/keys", { name: "x" })).status).toBe(404);
    expect((await door.ask("/v1/venues/nowhere/keys")).status).toBe(404);
  });
});

describe("invites", () => {
  test("let as many devices in as they say", async () => {
    const { status, json } = await post("v/invites", { max_uses: 2 });
    expect([status, json.max_uses]).toEqual([201, 2]);
    expect(Object.keys(json).sort()).toEqual(["code", "max_uses"]);
    expect(await activate(door.redis, json.code, "one")).toMatchObject({ venueId: "v" });
    expect(await activate(door.redis, json.code, "two")).toMatchObject({ venueId: "v" });
    expect(await activate(door.redis, json.code, "three")).toBe("used_up");
  });

  test.each([[undefined], [{}], [{ max_uses: 0 }], [{ max_uses: 1.5 }], [{ max_uses: "2" }], [{ max_uses: 100_001 }]])(
    "refuse %j",
    async (body) => {
      const { status, json } = await post("v/invites", body);
      expect([status, json.error.code]).toEqual([400, "bad_request"]);
      expect(json.error.message).toMatch(/max_uses|JSON object/);
    },
  );

  test("are none of a venue that is not there", async () => {
    expect((await post("nowhere/invites", { max_uses: 1 })).status).toBe(404);
  });
});

describe("device tokens", () => {
  test("are made and ended", async () => {
    const { status, json } = await post("v/devices/d%2F1/token");
    expect(status).toBe(201);
    expect(Object.keys(json).sort()).toEqual(["expires_at", "token"]);
    expect(json.expires_at).toBeGreaterThan(Date.now());
    expect(await verify(door.redis, json.token)).toMatchObject({ venueId: "v", kind: "device", deviceId: "d/1" });
    expect((await remove("v/devices/d%2F1/token")).status).toBe(204);
    expect(await verify(door.redis, json.token)).toBeNull();
    expect((await remove("v/devices/d%2F1/token")).status).toBe(404);
  });

  test("are none of a venue that is not there", async () => {
    expect((await post("nowhere/devices/d/token")).status).toBe(404);
  });

  test("end with their venue", async () => {
    await door.createVenue("brief");
    const { token } = (await post("brief/devices/d/token")).json;
    const { key } = (await post("brief/keys", { name: "k" })).json;
    await remove("brief");
    await door.createVenue("brief");
    expect(await verify(door.redis, token)).toBeNull();
    expect(await verify(door.redis, key)).toBeNull();
  });
});
