import { run } from "../child.mjs";
import { Trouble } from "../trouble.mjs";
import { installOneOf } from "./system-packages.mjs";

/** @typedef {{ command: string, kind: "redis" | "valkey", version: string }} RedisServer */

/** The oldest versions that will do. */
const oldest = { redis: "7.0", valkey: "7.2" };

/**
 * A Redis or Valkey server that is new enough; Debian's package is installed if none is there.
 * @returns {Promise<RedisServer>}
 * @throws {Trouble} if there is none and none can be installed
 */
export async function ensureRedisServer() {
  const present = await installedServers();
  const usable = present.find(isNewEnough);
  if (usable) return usable;
  await installOneOf(["redis-server", "valkey-server"], (name, version) =>
    isNewEnough({ command: name, kind: name === "redis-server" ? "redis" : "valkey", version }),
  );
  const installed = (await installedServers()).find(isNewEnough);
  if (installed) return installed;
  const found =
    present.length > 0 ? ` (found ${present.map((old) => `${old.command} ${old.version}`).join(", ")})` : "";
  throw new Trouble(
    `Redis ${oldest.redis} or later, or Valkey ${oldest.valkey} or later, is needed${found}: install redis-server ` +
      "(Debian, Ubuntu: sudo apt-get install redis-server), or set REDIS_URL to one that runs.",
  );
}

/** @returns {Promise<RedisServer[]>} those on the PATH */
async function installedServers() {
  const asked = ["redis-server", "valkey-server"].map(async (command) => {
    const { code, output } = await run(command, ["--version"], { quiet: true });
    return code === 0 ? parseServerVersion(command, output) : undefined;
  });
  return (await Promise.all(asked)).filter((server) => server !== undefined);
}

/**
 * Reads what `--version` prints. A `redis-server` may be Valkey under the older name.
 * @param {string} command
 * @param {string} output such as `Redis server v=7.0.15 sha=00000000:0 malloc=...`
 * @returns {RedisServer | undefined}
 */
export function parseServerVersion(command, output) {
  const version = /\bv=(\d+\.\d+\.\d+)/.exec(output)?.[1];
  const kind = /valkey/i.test(`${command} ${output}`) ? "valkey" : "redis";
  return version === undefined ? undefined : { command, kind, version };
}

/** @param {RedisServer} server */
export function isNewEnough({ kind, version }) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest[kind].split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
