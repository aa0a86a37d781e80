import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { passwordOf, urlFor } from "../../core/test/redis-users.ts";
import { RedisProcess } from "./redis-process.ts";

const MASTERS = 3;
const NODE_TIMEOUT_MS = 2_000;
const FORMED_MS_MAX = 30_000;

/** A node's name and whose replica it is, as a node itself tells. */
interface Role {
  readonly node: RedisProcess;
  readonly id: string;
  readonly masterId: string | null;
}

/** A real cluster on the loopback address: three masters, a replica of each. */
export class RedisCluster {
  readonly nodes: readonly RedisProcess[];

  private constructor(nodes: readonly RedisProcess[]) {
    this.nodes = nodes;
  }

  static async start(): Promise<RedisCluster> {
    const settings = {
      "cluster-enabled": "yes",
      "cluster-config-file": "nodes.conf",
      "cluster-node-timeout": String(NODE_TIMEOUT_MS),
    };
    const nodes: RedisProcess[] = [];
    for (let i = 0; i < 2 * MASTERS; i++) nodes.push(await RedisProcess.createNode(settings));
    const cluster = new RedisCluster(nodes);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
      const shape = ["--cluster-replicas", "1", "--cluster-yes"];
      const env = { ...process.env, REDISCLI_AUTH: passwordOf("owner") };
      execFileSync("redis-cli", ["--user", "owner", "--cluster", "create", ...addresses, ...shape], {
        stdio: "pipe",
        env,
      });
      await cluster.formed();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Where all of it is for one of its users. */
  urlsFor(user: string): string {
    return this.nodes.map(({ url }) => urlFor(user, url)).join(",");
  }

  /** The nodes that hold a part of what is stored. */
  async masters(): Promise<RedisProcess[]> {
    const roles = await Promise.all(this.nodes.filter(({ isRunning }) => isRunning).map(roleOf));
    return roles.filter(({ masterId }) => masterId === null).map(({ node }) => node);
  }

  /** The master that holds a key, and its replica. */
  async holdersOf(key: string): Promise<{ master: RedisProcess; replica: RedisProcess | undefined }> {
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    const roles = await Promise.all(running.map(roleOf));
    const slot = await (running[0] as RedisProcess).ask((client) => client.cluster("KEYSLOT", key));
    const slots = await (running[0] as RedisProcess).ask((client) => client.cluster("SLOTS"));
    const [, , held] = slots.find(([from, to]) => slot >= from && slot <= to) ?? [];
    const masterId = held?.[2];
    const master = roles.find(({ id }) => id === masterId)?.node;
    if (master === undefined) throw new Error(`no master of ${key} runs`);
    return { master, replica: roles.find((role) => role.masterId === masterId)?.node };
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
  }

  /** Waits until every node says that all slots are served and every replica follows. */
  async formed(): Promise<void> {
    const giveUpMs = performance.now() + FORMED_MS_MAX;
    while (performance.now() < giveUpMs) {
      const states = await Promise.all(this.nodes.map(isWhole));
      if (states.every((isFine) => isFine)) return;
      await pause(100);
    }
    throw new Error("the cluster did not form");
  }
}

async function isWhole(node: RedisProcess): Promise<boolean> {
  return node.ask(async (client) => {
    const info = await client.cluster("INFO");
    const replication = await client.info("replication");
    return info.includes("cluster_state:ok") && (!/role:slave/.test(replication) || /link_status:up/.test(replication));
  });
}

async function roleOf(node: RedisProcess): Promise<Role> {
  const lines = (await node.ask((client) => client.cluster("NODES"))) as string;
  const mine = lines.split("\n").find((line) => line.includes("myself")) ?? "";
  const [id = "", , , masterId = "-"] = mine.split(" ");
  return { node, id, masterId: masterId === "-" ? null : masterId };
}
