import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Scenario, Stage } from "../scenario.ts";
import type { RedisProcess } from "../system/redis-process.ts";

const GONE_MS = 20_000;
const STOPPED_MS = 30_000;

async function killOnBusyDisk(stage: Stage): Promise<void> {
  const redis = stage.system.privateRedis;
  await stage.startLoad();
  const writer = busyDisk(redis.directory);
  try {
    for (let kill = 0; kill < 3; kill++) {
      await pause(stage.random.between(300, 1_500));
      await redis.killAndRestart();
    }
  } finally {
    writer.kill("SIGKILL");
    await once(writer, "exit");
    rmSync(join(redis.directory, "busy"), { force: true });
  }
  stage.afterRecovery(() => expectEpochs(stage, 2));
}

/** Another program that writes and syncs all the time where Redis does. */
function busyDisk(directory: string) {
  const script = `
    const { closeSync, fsyncSync, openSync, writeSync } = require("node:fs");
    const block = Buffer.alloc(1_048_576, 1);
    for (;;) {
      const file = openSync("busy", "w");
      for (let i = 0; i < 16; i++) { writeSync(file, block); fsyncSync(file); }
      closeSync(file);
    }`;
  return spawn(process.execPath, ["-e", script], { cwd: directory, stdio: "ignore" });
}

/** Whoever sends must be able to notice that the store was started again. */
function expectEpochs(stage: Stage, least: number): void {
  const seen = Math.max(...(stage.load?.gateways ?? []).map(({ epochs }) => new Set(epochs).size));
  stage.expect(seen >= least, `devices saw ${seen} epochs, and should have seen ${least}`);
}

async function goneFor(stage: Stage, goneMs: number): Promise<void> {
  const redis = stage.system.privateRedis;
  await stage.startLoad();
  await redis.end("SIGKILL");
  await pause(goneMs);
  await redis.start();
}

async function stoppedFor(stage: Stage, stoppedMs: number): Promise<void> {
  const redis = stage.system.privateRedis;
  await stage.startLoad();
  redis.signal("SIGSTOP");
  await pause(stoppedMs);
  redis.signal("SIGCONT");
}

/** Connections to Redis that lead nowhere from now on: nobody is told, and new ones work. */
async function halfOpen(stage: Stage): Promise<void> {
  const load = await stage.startLoad();
  const startedMs = performance.now();
  for (const store of Object.values(stage.system.stores)) store.loseTrackOfConnections();
  await load.flows(45_000);
  stage.note(`ingest noticed within ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  const doneBy = performance.now() + 50_000;
  while (performance.now() < doneBy && !(await evaluatesAgain(stage))) await pause(500);
  stage.note(`the processor within ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
}

/** Whether the newest evaluated minute moves on. */
async function evaluatesAgain({ system, venueId }: Stage): Promise<boolean> {
  const before = (await system.operator.status(venueId)).newest_minute ?? 0;
  await pause(1_500);
  return ((await system.operator.status(venueId)).newest_minute ?? 0) > before;
}

async function cutAndSlow(stage: Stage): Promise<void> {
  const { stores, door } = stage.system;
  await stage.startLoad();
  for (let round = 0; round < 6; round++) {
    for (const store of Object.values(stores)) store.toClient.delayMs = stage.random.between(0, 150);
    door.toServer.delayMs = stage.random.between(0, 150);
    await pause(stage.random.between(100, 600));
    const proxies = [door, ...Object.values(stores)];
    proxies[Math.floor(stage.random.between(0, proxies.length))]?.cut();
  }
}

async function memoryFull(stage: Stage): Promise<void> {
  const redis = stage.system.privateRedis;
  const load = await stage.startLoad();
  const used = await redis.ask(async (client) => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]));
  await redis.ask((client) => client.config("SET", "maxmemory", String(Math.round(used * 0.9))));
  const blockedMs = performance.now();
  await pause(3_000);
  const since = load.gateways.filter(({ acknowledgedMs }) => acknowledgedMs > blockedMs + 500).length;
  await redis.ask((client) => client.config("SET", "maxmemory", "0"));
  stage.expect(since === 0, `${since} gateways got frames acknowledged while Redis took nothing`);
}

/** What was being written when the power went: the beginning of a command that nobody was told of. */
async function tornTail(stage: Stage): Promise<void> {
  const redis = stage.system.privateRedis;
  await stage.startLoad();
  await pause(500);
  await redis.end("SIGKILL");
  appendFileSync(appendOnlyFile(redis), "*3\r\n$4\r\nHSET\r\n$30\r\n{v:torn");
  await redis.start();
  stage.afterRecovery(() => expectEpochs(stage, 2));
}

/** More than that: the disk lost what Redis had been told was on it. */
async function cutTail(stage: Stage): Promise<void> {
  const redis = stage.system.privateRedis;
  const load = await stage.startLoad();
  await pause(2_000);
  await redis.end("SIGKILL");
  const file = appendOnlyFile(redis);
  const bytes = Math.round(stage.random.between(2_000, 40_000));
  truncateSync(file, statSync(file).size - bytes);
  await redis.start();
  stage.note(`${bytes} bytes of the append-only file cut off`);
  await load.flows(30_000);
  expectEpochs(stage, 2);
  stage.afterRecovery(() => stage.note(`${stage.ledger.acceptedAgain} fixes had gone with it and were sent again`));
}

/** The file that Redis appends to now. */
function appendOnlyFile({ directory }: RedisProcess): string {
  const folder = join(directory, "appendonlydir");
  const files = readdirSync(folder).filter((name) => name.endsWith(".incr.aof"));
  const newest = files
    .sort((a, b) => Number(/\.(\d+)\.incr/.exec(a)?.[1]) - Number(/\.(\d+)\.incr/.exec(b)?.[1]))
    .at(-1);
  if (newest === undefined) throw new Error(`no append-only file in ${folder}`);
  return join(folder, newest);
}

export const redisScenarios: readonly Scenario[] = [
  {
    name: "redis-killed-on-busy-disk",
    about: "kill -9 of Redis, three times, while another program syncs to its disk",
    isShort: true,
    run: killOnBusyDisk,
  },
  {
    name: "redis-gone-20s",
    about: "Redis killed and started again after 20 s",
    isShort: false,
    run: (stage) => goneFor(stage, GONE_MS),
  },
  {
    name: "redis-stopped-30s",
    about: "SIGSTOP of Redis for 30 s: connections stand, nothing answers",
    isShort: false,
    run: (stage) => stoppedFor(stage, STOPPED_MS),
  },
  {
    name: "redis-half-open",
    about: "all connections to Redis lead nowhere, nobody is told",
    isShort: false,
    run: halfOpen,
  },
  {
    name: "connections-cut-and-slow",
    about: "delays on all ways, and connections cut one after another",
    isShort: true,
    run: cutAndSlow,
  },
  { name: "memory-full", about: "Redis at its maxmemory for 3 s, then freed", isShort: true, run: memoryFull },
  {
    name: "append-only-file-torn",
    about: "the append-only file ends within a command that was not acknowledged",
    isShort: true,
    run: tornTail,
  },
  {
    name: "append-only-file-cut",
    about: "the append-only file lost acknowledged commands: Redis starts, the epoch says so, devices send again",
    isShort: true,
    mayGoBack: true,
    run: cutTail,
  },
];
