import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "@encounter/core/service/log";
import { connectRedis, type mastersOf } from "@encounter/core/service/redis";
import { passwordOf, urlFor, writeRedisUsers } from "../../core/test/redis-users.ts";
import { quietPort } from "../place.ts";
import { KeptProcess } from "./kept-process.ts";

/** A connection to one Redis. */
export type RedisConnection = ReturnType<typeof mastersOf>[number];

const silence = createLog("faults", "silent");

/** As `npm start` sets its own up: every acknowledged write survives a kill. */
const SETTINGS: Readonly<Record<string, string>> = {
  bind: "127.0.0.1",
  appendonly: "yes",
  appendfsync: "always",
  "maxmemory-policy": "noeviction",
  save: '""',
};

/** A private Redis with a folder of its own, started again when it ends. */
export class RedisProcess extends KeptProcess {
  readonly port: number;
  readonly directory: string;
  private readonly isDirectoryOurs: boolean;

  private constructor(port: number, directory: string, isDirectoryOurs: boolean) {
    super({
      name: "redis",
      command: process.env.REDIS_SERVER ?? "redis-server",
      args: ["redis.conf"],
      cwd: directory,
      env: {},
      readyLine: "Ready to accept connections",
    });
    this.port = port;
    this.directory = directory;
    this.isDirectoryOurs = isDirectoryOurs;
  }

  /** One in which each service is its own user. @param directory where its data is, else a new folder */
  static create(directory?: string): Promise<RedisProcess> {
    return RedisProcess.prepare(directory);
  }

  /** One of a cluster's nodes, which follow each other as a user of their own. @param settings more of its configuration */
  static async createNode(settings: Readonly<Record<string, string>>): Promise<RedisProcess> {
    // Ten thousand above its own, as Redis would have it, is where outgoing connections come from.
    const bus = { "cluster-port": String(await quietPort()) };
    const follows = { masteruser: "replica", masterauth: JSON.stringify(passwordOf("replica")) };
    return RedisProcess.prepare(undefined, { ...settings, ...bus, ...follows });
  }

  private static async prepare(
    directory: string | undefined,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<RedisProcess> {
    const port = await quietPort();
    const folder = directory ?? mkdtempSync(join(tmpdir(), "encounter-faults-"));
    mkdirSync(folder, { recursive: true });
    const users = join(folder, "users.acl");
    writeRedisUsers(users, { forCluster: "cluster-enabled" in settings });
    const lines = Object.entries({ ...SETTINGS, port: String(port), ...settings, aclfile: users });
    writeFileSync(join(folder, "redis.conf"), `${lines.map((line) => line.join(" ")).join("\n")}\n`);
    return new RedisProcess(port, folder, directory === undefined);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Asks it something over a connection of its own. */
  async ask<Answer>(question: (client: RedisConnection) => Promise<Answer>): Promise<Answer> {
    const client = connectRedis([urlFor("owner", this.url)], "worker", silence);
    try {
      return await question(client as RedisConnection);
    } finally {
      client.disconnect();
    }
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    if (this.isDirectoryOurs) rmSync(this.directory, { recursive: true, force: true });
  }
}
