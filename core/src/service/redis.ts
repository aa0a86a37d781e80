import { createHash } from "node:crypto";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Logger } from "pino";
import { type ServiceEnvironment, StartError } from "./environment.ts";

/** A connection to one Redis or to a cluster of them. */
export type RedisClient = Redis | Cluster;

/** Replies keep their RESP2 shapes everywhere. */
type Options = Omit<RedisOptions, "replyMapping">;

/** How long Redis may take before a producer's command counts as unanswered, ms. */
const COMMAND_TIMEOUT_MS = 5_000;
/** How long a socket with commands in flight may be silent before it is given up, ms. */
const SOCKET_TIMEOUT_MS = 10_000;

/**
 * Doors fail fast: a command that was not sent is refused, one that was cut off is never sent again behind the
 * caller's back. Its promise then means "unknown".
 */
const PRODUCER_OPTIONS: Options = {
  protocol: 2,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SOCKET_TIMEOUT_MS,
};

/** Workers wait for Redis to come back. What they send is idempotent. */
const WORKER_OPTIONS: Options = {
  protocol: 2,
  maxRetriesPerRequest: null,
  socketTimeout: 30_000,
};

/** Opens a connection; `use` says what happens while Redis is away. Errors are logged, never thrown from the air. */
export function connectRedis(urls: readonly string[], use: "producer" | "worker", log: Logger): RedisClient {
  const options: Options = {
    ...(use === "producer" ? PRODUCER_OPTIONS : WORKER_OPTIONS),
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  };
  const client = urls.length === 1 ? new Redis(urls[0] as string, options) : connectCluster(urls, use, options);
  client.on("error", (error: Error) => log.warn({ reason: error.message }, "redis connection"));
  return client;
}

function connectCluster(urls: readonly string[], use: "producer" | "worker", options: Options): Cluster {
  const { username, password, protocol } = new URL(urls[0] as string);
  const { retryStrategy, enableOfflineQueue, ...nodeOptions } = options;
  return new Cluster([...urls], {
    clusterRetryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
    enableOfflineQueue: use === "worker",
    redisOptions: {
      ...nodeOptions,
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
      ...(protocol === "rediss:" ? { tls: {} } : {}),
    },
  });
}

/** The connections to all masters. */
export function mastersOf(client: RedisClient): Redis[] {
  return client instanceof Cluster ? client.nodes("master") : [client];
}

/** Waits until the client can send. @throws StartError where that takes longer than `timeoutMs` */
export async function untilReady(client: RedisClient, urls: readonly string[], timeoutMs: number): Promise<void> {
  if (client.status === "ready") return;
  let lastError = "";
  const noteError = (error: Error) => {
    lastError = error.message;
  };
  client.on("error", noteError);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("timeout")), timeoutMs);
      client.once("ready", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  } catch {
    const places = urls.map((url) => new URL(url).host).join(", ");
    throw new StartError(
      `Redis at ${places} does not answer${lastError === "" ? "" : ` (${lastError})`}: check REDIS_URL`,
    );
  } finally {
    client.off("error", noteError);
  }
}

/**
 * Makes sure that Redis is new enough and keeps what it acknowledged.
 * @throws StartError with what to change
 */
export async function checkStore(client: RedisClient, environment: ServiceEnvironment): Promise<void> {
  for (const node of mastersOf(client)) {
    checkVersion(await node.info("server"));
    if (!environment.allowWeakDurability) await checkDurability(node);
  }
}

/** @throws StartError where a server's `INFO server` tells a version too old to run on */
export function checkVersion(info: string): void {
  const valkey = /^valkey_version:(\d+)\.(\d+)/m.exec(info);
  const redis = /^redis_version:(\d+)\.(\d+)/m.exec(info);
  const [found, name, major, minor] = valkey ? [valkey, "Valkey", 7, 2] : [redis, "Redis", 7, 0];
  if (found === null) throw new StartError("REDIS_URL answers, but not as Redis or Valkey");
  const version = [Number(found[1]), Number(found[2])] as const;
  if (version[0] > major || (version[0] === major && version[1] >= minor)) return;
  throw new StartError(`${name} ${version.join(".")} is too old: Redis 7.0 or Valkey 7.2 or later is needed`);
}

const DURABLE = { appendonly: "yes", appendfsync: "always", "maxmemory-policy": "noeviction" };

async function checkDurability(node: Redis): Promise<void> {
  for (const [setting, wanted] of Object.entries(DURABLE)) {
    const [, found] = (await node.config("GET", setting).catch(() => [setting, "not to be read"])) as [string, string];
    if (found === wanted) continue;
    throw new StartError(
      `Redis must keep what it acknowledged: ${setting} is ${found}, set it to ${wanted} (ALLOW_WEAK_DURABILITY=1 overrides)`,
    );
  }
}

/**
 * A short text that changes whenever the store may have gone back in time: it is made of the masters' run ids, which
 * change with every restart, failover and restored backup.
 */
export async function readEpoch(client: RedisClient): Promise<string> {
  const infos = await Promise.all(mastersOf(client).map((node) => node.info("server")));
  const runIds = infos.map((info) => /^run_id:(\w+)/m.exec(info)?.[1] ?? "").sort();
  return createHash("sha256").update(runIds.join()).digest("hex").slice(0, 8);
}
