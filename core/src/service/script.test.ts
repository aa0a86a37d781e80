import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedisServer, type TestRedis } from "../../test/redis-server.ts";
import { defineScript } from "./script.ts";

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function callsOf(command: string): Promise<number> {
  const stats = await redis.info("commandstats");
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

test("a script is sent in full once, however often it is defined, and its answers are text or bytes", async () => {
  const lua = "return KEYS[1] .. ARGV[1]";
  expect(await defineScript(redis, "join", lua)(["a"], ["b"])).toBe("ab");
  expect(await defineScript(redis, "join", lua)(["c"], ["d"])).toBe("cd");
  expect(await defineScript(redis, "join", lua, "buffers")(["e"], [Buffer.of(0xff)])).toEqual(Buffer.of(0x65, 0xff));
  expect(await callsOf("eval")).toBe(1);
  await redis.script("FLUSH");
  expect(await defineScript(redis, "join", lua)(["f"], ["g"])).toBe("fg");
});
