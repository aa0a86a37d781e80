import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedisServer, type TestRedis } from "./redis-server.ts";

let server: TestRedis;

beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

test("a killed server has, when restarted, all that it acknowledged", async () => {
  const before = new Redis(server.url);
  before.on("error", () => {});
  await before.set("written", "kept");
  await server.restart();
  before.disconnect();
  const after = new Redis(server.url);
  expect(await after.get("written")).toBe("kept");
  expect(await after.config("GET", "appendfsync")).toEqual(["appendfsync", "always"]);
  expect(await after.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
  after.disconnect();
});
