import { setTimeout as pause } from "node:timers/promises";
import { venueRecordKey } from "@encounter/core/storage/keys";
import type { Load } from "../load/load.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { FaultSystem } from "../system/fault-system.ts";
import { RedisCluster } from "../system/redis-cluster.ts";
import type { RedisConnection, RedisProcess } from "../system/redis-process.ts";
import { type AskAll, Erasing, until } from "./erasure.ts";

const LAG_MS = 1_500;
const clusters = new WeakMap<FaultSystem, RedisCluster>();

async function startOnCluster(): Promise<FaultSystem> {
  const cluster = await RedisCluster.start();
  try {
    const system = await FaultSystem.start({
      redisUrlsFor: (service) => cluster.urlsFor(service),
      cleanUp: () => cluster.stop(),
    });
    clusters.set(system, cluster);
    return system;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/**
 * Kills the master that holds the venue, twice: with its replica up to date, and with one that has heard nothing for a
 * while. What the replica had not is gone from the store, and comes back from the devices, which see another epoch.
 */
async function failOver(stage: Stage): Promise<void> {
  const cluster = clusters.get(stage.system) as RedisCluster;
  const load = await stage.startLoad();
  await killMaster(stage, cluster, load, "with its replica following");
  await cluster.formed();
  await pause(1_000);
  await killMaster(stage, cluster, load, `with its replica cut off for ${LAG_MS / 1_000} s`, LAG_MS);
}

async function killMaster(stage: Stage, cluster: RedisCluster, load: Load, how: string, lagMs = 0): Promise<void> {
  const { master } = await cluster.holdersOf(venueRecordKey(stage.venueId));
  const before = stage.ledger.acceptedAgain;
  const epochsBefore = new Set(load.gateways.flatMap(({ epochs }) => epochs)).size;
  if (lagMs > 0) await cutReplicaOff(master, lagMs);
  await master.end("SIGKILL");
  const startedMs = performance.now();
  await load.flows(60_000);
  stage.note(`a master killed ${how}: stored again after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  await master.start();
  await load.flows(60_000);
  await pause(2_000);
  await load.flows(60_000);
  stage.note(`${stage.ledger.acceptedAgain - before} acknowledged fixes had gone and were sent again`);
  const epochs = new Set(load.gateways.flatMap((gateway) => gateway.epochs)).size - epochsBefore;
  stage.expect(epochs > 0, `devices saw no other epoch after a master was killed ${how}`);
}

/**
 * The master goes on acknowledging while its replica hears nothing: it is cut off, and the user that it follows as is
 * turned away.
 */
async function cutReplicaOff(master: RedisProcess, forMs: number): Promise<void> {
  await master.ask(async (client) => {
    await client.call("ACL", "SETUSER", "replica", "off");
    await client.call("CLIENT", "KILL", "TYPE", "replica");
    await pause(forMs);
  });
}

/** A device is erased while the load flows: its venue's node is one of three, and each has files of its own. */
async function eraseOnCluster(stage: Stage): Promise<void> {
  const cluster = clusters.get(stage.system) as RedisCluster;
  const masters = await cluster.masters();
  const load = await stage.startLoad();
  const askMasters: AskAll = (question) => Promise.all(masters.map((master) => master.ask(question)));
  const rewritesBefore = await askMasters(rewrites);
  const erasing = await Erasing.prepare(stage, load.startMs, askMasters);
  await erasing.erase();
  const rewritesAfter = await askMasters(rewrites);
  const idle = rewritesAfter.filter((count, i) => count <= (rewritesBefore[i] ?? 0)).length;
  stage.expect(idle === 0, `${idle} of ${masters.length} masters did not write their files anew`);
  await deleteVenue(stage, askMasters);
}

async function rewrites(redis: RedisConnection): Promise<number> {
  return Number(/^aof_rewrites:(\d+)/m.exec(await redis.info("persistence"))?.[1]);
}

/** Another venue comes, is used and goes: no node has anything left of it. */
async function deleteVenue({ system }: Stage, askMasters: AskAll): Promise<void> {
  const venueId = "short-lived";
  await system.operator.newVenue(venueId);
  const path = `/v1/venues/${venueId}`;
  await system.operator.ask(`${path}/invites`, { method: "POST", body: '{"max_uses":1}' });
  await system.operator.ask(path, { method: "DELETE" });
  await until("the deleted venue was not purged", async () => {
    const found = await askMasters((redis) => redis.keys(`{v:${venueId}}*`));
    return found.flat().length === 0;
  });
}

/** The services were refused nothing. That a replica was turned away is what a scenario did. */
async function expectNothingRefused(stage: Stage): Promise<void> {
  const { nodes } = clusters.get(stage.system) as RedisCluster;
  const logs = await Promise.all(nodes.map((node) => node.ask((client) => client.call("ACL", "LOG"))));
  const refused = (logs as string[][][]).flat().filter((entry) => !entry.includes("replica"));
  stage.expect(refused.length === 0, `Redis refused: ${refused.map((entry) => entry.join(" ")).join("; ")}`);
}

export const clusterScenarios: readonly Scenario[] = [
  {
    name: "cluster-failover",
    about: "a Redis Cluster of six: the master that holds the venue killed, and its replica takes over",
    isShort: false,
    mayGoBack: true,
    startsSystem: startOnCluster,
    run: async (stage) => {
      stage.afterRecovery(() => expectNothingRefused(stage));
      await failOver(stage);
    },
  },
  {
    name: "cluster-erasure",
    about: "a device erased on a Redis Cluster of six: on all of its nodes, and in the files of each master",
    isShort: false,
    startsSystem: startOnCluster,
    run: async (stage) => {
      stage.afterRecovery(() => expectNothingRefused(stage));
      await eraseOnCluster(stage);
    },
  },
];
