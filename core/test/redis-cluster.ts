import { Redis } from "ioredis";
import { freePort, startRedisServer, type TestRedis } from "./redis-server.ts";
import { urlFor } from "./redis-users.ts";

const SLOTS = 16_384;
const MASTERS = 3;
const FORMED_MS_MAX = 15_000;

/** A Redis Cluster of one test's own: three masters without replicas, each with the users of `deploy/users.acl`. */
export interface TestCluster {
  /** A connection to each master, as the owner. */
  readonly masters: readonly Redis[];
  /** Where all of it is for one of its users. */
  urlsFor(user: string): string[];
  stop(): Promise<void>;
}

/** Starts a cluster and waits until all slots are served. */
export async function startRedisCluster(): Promise<TestCluster> {
  const nodes: { server: TestRedis; busPort: number }[] = [];
  for (let i = 0; i < MASTERS; i++) {
    const busPort = await freePort();
    const more = { "cluster-enabled": "yes", "cluster-port": String(busPort) };
    nodes.push({ server: await startRedisServer({ withUsers: true, more }), busPort });
  }
  const masters = nodes.map(({ server }) => new Redis(server.url, { protocol: 2 }));
  const stop = async () => {
    for (const master of masters) master.disconnect();
    await Promise.all(nodes.map(({ server }) => server.stop()));
  };
  try {
    await form(masters, nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = nodes.map(({ server }) => `redis://127.0.0.1:${server.port}`);
  return { masters, urlsFor: (user) => urls.map((url) => urlFor(user, url)), stop };
}

async function form(
  masters: readonly Redis[],
  nodes: readonly { server: TestRedis; busPort: number }[],
): Promise<void> {
  const share = Math.ceil(SLOTS / masters.length);
  for (const [i, master] of masters.entries()) {
    await master.call("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    await master.call("CLUSTER", "ADDSLOTSRANGE", i * share, Math.min(SLOTS, (i + 1) * share) - 1);
  }
  for (const { server, busPort } of nodes.slice(1)) {
    await masters[0]?.call("CLUSTER", "MEET", "127.0.0.1", server.port, busPort);
  }
  const giveUpMs = performance.now() + FORMED_MS_MAX;
  while (!(await Promise.all(masters.map(isWhole))).every((isFine) => isFine)) {
    if (performance.now() > giveUpMs) throw new Error("the cluster did not form");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isWhole(master: Redis): Promise<boolean> {
  const info = (await master.cluster("INFO")) as string;
  return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${MASTERS}`);
}
