import { writeFileSync } from "node:fs";
import path from "node:path";
import { readRedisLine } from "./last-words.mjs";

/**
 * The Redis that belongs to one data dir: it listens on the loopback address alone, wants a password, and has
 * everything it acknowledges on disk.
 * @param {object} wanted
 * @param {string} wanted.command the server's program
 * @param {import("./data-dir.mjs").DataDir} wanted.dataDir
 * @param {number} wanted.port
 * @param {string} wanted.password
 * @returns {{ program: import("./supervised.mjs").Program, url: string }}
 */
export function privateRedis({ command, dataDir, port, password }) {
  // In a file, for anybody on the machine can read a command line.
  writeFileSync(path.join(dataDir.redis, "redis.conf"), redisConfiguration(port, password), { mode: 0o600 });
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
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
 * @param {number} port
 * @param {string} password
 */
function redisConfiguration(port, password) {
  return `# Written at every start.
bind 127.0.0.1
port ${port}
requirepass ${password}
daemonize no
appendonly yes
appendfsync always
maxmemory-policy noeviction
save ""
`;
}
