import { writeFileSync } from "node:fs";
import path from "node:path";
import { readRedisLine } from "./last-words.mjs";
import { aclOf } from "./redis-users.mjs";

/**
 * The Redis that belongs to one data dir: it listens on the loopback address alone, knows a user for
 * each service, and has everything it acknowledges on disk.
 * @param {object} wanted
 * @param {string} wanted.command the server's program
 * @param {import("./data-dir.mjs").DataDir} wanted.dataDir
 * @param {number} wanted.port
 * @param {import("./redis-users.mjs").RedisPasswords} wanted.passwords
 * @returns {{ program: import("./supervised.mjs").Program, urlOf: (user: keyof import("./redis-users.mjs").RedisPasswords) => string }}
 */
export function privateRedis({ command, dataDir, port, passwords }) {
  writePrivately(path.join(dataDir.redis, "redis.conf"), redisConfiguration(port));
  // In a file, for anybody on the machine can read a command line.
  writePrivately(path.join(dataDir.redis, "users.acl"), aclOf(passwords));
  return {
    urlOf: (user) => `redis://${user}:${passwords[user]}@127.0.0.1:${port}`,
    program: {
      name: "redis",
      command,
      args: ["redis.conf"],
      // Its files go where it is started: a path with blanks or quotes need not be written into the configuration.
      cwd: dataDir.redis,
      read: readRedisLine,
      saysReady: (line) => line.includes("Ready to accept connections"),
    },
  };
}

/**
 * @param {string} file
 * @param {string} content
 */
function writePrivately(file, content) {
  writeFileSync(file, content, { mode: 0o600 });
}

/** @param {number} port */
function redisConfiguration(port) {
  return `# Written at every start.
bind 127.0.0.1
port ${port}
aclfile users.acl
daemonize no
appendonly yes
appendfsync always
maxmemory-policy noeviction
save ""
`;
}
