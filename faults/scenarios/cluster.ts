import { setTimeout as pause } from "node:timers/promises";
import { venueRecordKey } from "@encounter/core/storage/keys";
import type { Load } from "../load/load.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { FaultSystem } from "../system/fault-system.ts";
import { RedisCluster } from "../system/redis-cluster.ts";
import type { RedisProcess } from "../system/redis-process.ts";

const LAG_MS = 1_500;
const clusters = new WeakMap<FaultSystem, RedisCluster>();

async function startOnCluster(): Promise<FaultSystem> {
  const cluster = await RedisCluster.start();
  try {
    const system = await FaultSystem.start({ redisUrls: cluster.urls, cleanUp: () => cluster.stop() });
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
 * The master goes on acknowledging while its replica hears nothing: it is cut off, and a password that only those who
 * are connected need not give keeps it from coming back.
 */
async function cutReplicaOff(master: RedisProcess, forMs: number): Promise<void> {
  await master.ask(async (client) => {
    await client.config("SET", "requirepass", "for those who come anew");
    await client.call("CLIENT", "KILL", "TYPE", "replica");
    await pause(forMs);
  });
}

export const clusterScenarios: readonly Scenario[] = [
  {
    name: "cluster-failover",
    about: "a Redis Cluster of six: the master that holds the venue killed, and its replica takes over",
    isShort: false,
    mayGoBack: true,
    startsSystem: startOnCluster,
    run: failOver,
  },
];
