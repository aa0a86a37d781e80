import { createLog } from "@encounter/core/service/log";
import { connectRedis } from "@encounter/core/service/redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedisServer } from "../../core/test/redis-server.ts";
import { urlFor } from "../../core/test/redis-users.ts";
import { aclOf } from "./redis-users.mjs";

const log = createLog("test", "silent");
/** @type {import("../../core/test/redis-server.ts").TestRedis} */
let server;
/** @type {Map<string, import("@encounter/core/service/redis").RedisClient>} */
const clients = new Map();
beforeAll(async () => {
  server = await startRedisServer({ withUsers: true });
  for (const user of ["owner", "ingest", "processor", "api"]) {
    clients.set(user, connectRedis([urlFor(user, server.url)], "worker", log));
  }
});
afterAll(async () => {
  for (const client of clients.values()) client.disconnect();
  await server.stop();
});

/**
 * @param {string} user
 * @param {string} command
 */
async function answerTo(user, command) {
  const [name = "", ...args] = command.split(" ");
  return /** @type {import("@encounter/core/service/redis").RedisClient} */ (clients.get(user))
    .call(name, ...args)
    .then(
      () => "done",
      (error) => /** @type {Error} */ (error).message.split(" ")[0],
    );
}

const nobody = ["FLUSHALL", "FLUSHDB", "KEYS *", "CONFIG SET maxmemory 1", "ACL LIST", "SHUTDOWN", "MONITOR"];
const refusals = [
  ...["ingest", "processor", "api"].flatMap((user) => [
    ...nobody.map((command) => [user, command]),
    [user, "SET other 1"],
    [user, "GET other"],
    [user, "SCRIPT FLUSH"],
    [user, "CLIENT LIST"],
    [user, "PUBLISH channel message"],
    [user, "MIGRATE 127.0.0.1 1 {v:a}:venue 0 1"],
    [user, "EVAL return{redis.call('GET','other')} 0"],
  ]),
  ...["{v:a}:1:pairs:5", "{v:a}:1:timeline:1:5", "{v:a}:1:activity:5", "{v:a}:1:plan"].map((key) => [
    "ingest",
    `GET ${key}`,
  ]),
  ...["HSET {v:a}:1:keys id x", "SADD encounter:venues x", "SCAN 0"].map((each) => ["ingest", each]),
  ...["GET encounter:session:x", "XLEN {encounter}:maintenance:events"].map((command) => ["ingest", command]),
  ...["GET encounter:session:x", "SADD encounter:venues x"].map((command) => ["processor", command]),
  ...["XLEN {encounter}:evaluate:events", "SCAN 0"].map((command) => ["api", command]),
];
test.each(refusals)("%s may not %s", async (user = "", command = "") => {
  // A command of a script fails inside it.
  expect(await answerTo(user, command)).toMatch(/^(NOPERM|ERR)$/);
  if (!command.startsWith("EVAL")) expect(await answerTo(user, command)).toBe("NOPERM");
});

test.each([
  ["ingest", "HSET {v:a}:1:fixes:5 1 x"],
  ["ingest", "CONFIG GET appendfsync"],
  ["processor", "SCAN 0"],
  ["processor", "APPEND {v:a}:1:pairs:5 x"],
  ["api", "SET encounter:session:x 1"],
  ["owner", "DBSIZE"],
])("%s may %s", async (user, command) => {
  expect(await answerTo(user, command)).toBe("done");
});

test("nobody comes in without a name", async () => {
  const { host } = new URL(server.url);
  const guest = connectRedis([`redis://${host}`], "worker", log);
  await expect(guest.get("x")).rejects.toThrow("NOAUTH");
  guest.disconnect();
});

test("passwords are not written down", () => {
  const acl = aclOf({ owner: "one", ingest: "two", processor: "three", api: "four" });
  expect(acl).not.toMatch(/one|two|three|four|@(owner|ingest|processor|api)@/);
  expect(acl.match(/#[0-9a-f]{64}/g)).toHaveLength(4);
});
