import { createLog } from "@encounter/core/service/log";
import { connectRedis } from "@encounter/core/service/redis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sendInOrder } from "./sender.ts";
import { System } from "./system.ts";

// Every system of these tests runs as the users of deploy/users.acl; here is asked what Redis refused them.
let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

test("from the first fix to a venue's purge, Redis refuses the services nothing", async () => {
  const owner = connectRedis([system.redis.url], "worker", createLog("test", "silent"));
  const key = await system.newVenue("whole", { mappedin: true });
  const path = "/v1/venues/whole";
  await system.json(`${path}/devices/a/token`, { method: "POST" });
  const { code } = await system.json<{ code: string }>(`${path}/invites`, { method: "POST", body: '{"max_uses":2}' });
  const device = `${system.ingestUrl}/device/phone`;
  const refused = async () => JSON.stringify(await owner.call("ACL", "LOG"));
  expect(
    (await fetch(`${device}/activate`, { method: "POST", body: JSON.stringify({ code }) })).status,
    await refused(),
  ).toBe(200);
  expect((await fetch(`${device}/token`)).status).toBe(200);
  const activate = { method: "POST", body: JSON.stringify({ code, device_id: "b" }) };
  expect((await fetch(`${system.ingestUrl}/v1/activate`, activate)).status).toBe(201);

  const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000;
  const fixes = [...Array(16).keys()].map((i) => ({
    device_id: i % 2 === 0 ? "a" : "b",
    venue_id: "whole",
    timestamp: startMs + Math.floor(i / 2) * 60_000,
    position: { latitude: 45, longitude: 120, floor: 0, accuracy: 1 },
  }));
  await sendInOrder(() => system.ingestUrl, key, fixes, 4);
  const contacts = () => system.contacts("whole", { min_minutes: 1 });
  await vi.waitFor(async () => expect(await contacts()).toMatchObject([{ minutes: 8 }]), { timeout: 30_000 });
  await system.json(path, { method: "PUT", body: '{"retention_days":3}' });
  await system.json(`${path}/minutes/${startMs / 60_000}`);
  await system.json("/v1/sign-in-links", { method: "POST" });
  await system.json(path, { method: "DELETE" });

  const left = async () =>
    (await owner.keys("{v:whole}*")).concat(await owner.keys("{i:*")).concat(await owner.keys("{d:*"));
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 30_000, interval: 200 });
  expect(await owner.call("ACL", "LOG")).toEqual([]);
  owner.disconnect();
});
