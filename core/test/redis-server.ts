import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { urlFor, writeRedisUsers } from "./redis-users.ts";

/** A Redis of one test's own. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Freezes the server: connections stay open, nothing is answered. */
  pause(): void;
  /** Ends what {@link pause} began. */
  resume(): void;
  /** Kills the server at once (SIGKILL); its data stays for {@link restart}. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it had stored. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly withUsers?: boolean;
  /** Settings beside the usual. */
  readonly more?: Readonly<Record<string, string>>;
}

/**
 * Starts a redis-server (or what `REDIS_SERVER` names) on a free port of 127.0.0.1 with a data folder of its own, as durable as the services demand:
 * every acknowledged write survives a kill. With users, those of `deploy/users.acl`, its URL is the owner's. Stop it in `afterAll`; it also dies with the process that started it.
 */
export async function startRedisServer({ withUsers = false, more = {} }: ServerOptions = {}): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), "encounter-redis-"));
  const port = await freePort();
  const users = join(directory, "users.acl");
  if (withUsers) writeRedisUsers(users);
  const settings = { ...SETTINGS, ...more, ...(withUsers ? { aclfile: users } : {}) };
  let child = await launch(port, directory, settings);
  const endWithThisProcess = () => child.kill("SIGKILL");
  process.once("exit", endWithThisProcess);
  const kill = () => endOf(child, "SIGKILL");
  return {
    url: withUsers ? urlFor("owner", `redis://127.0.0.1:${port}`) : `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid as number;
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    kill,
    restart: async () => {
      await kill();
      child = await launch(port, directory, settings);
    },
    stop: async () => {
      process.off("exit", endWithThisProcess);
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const SETTINGS = {
  bind: "127.0.0.1",
  appendonly: "yes",
  appendfsync: "always",
  "maxmemory-policy": "noeviction",
  save: "",
  loglevel: "notice",
};

const READY_TIMEOUT_MS = 15_000;
/** `npm test` says which of the servers it found is to be used: Redis, or Valkey. */
const COMMAND = process.env.REDIS_SERVER ?? "redis-server";

/** Resolves once the server says that it takes connections. */
function launch(port: number, directory: string, given: Record<string, string>): Promise<ChildProcess> {
  const settings = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(COMMAND, ["--port", String(port), "--dir", directory, ...settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`${COMMAND} on port ${port} ${reason}\n${said}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${READY_TIMEOUT_MS} ms`), READY_TIMEOUT_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", () => fail("ended before it was ready"));
    child.stdout?.on("data", (chunk: Buffer) => {
      if (said.length > 65_536) return;
      said += chunk.toString();
      if (!said.includes("Ready to accept connections")) return;
      clearTimeout(timer);
      child.removeAllListeners("exit").removeAllListeners("error");
      resolve(child);
    });
  });
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
