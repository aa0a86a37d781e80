import { mastersOf, type RedisClient } from "@encounter/core/service/redis";

/** What Redis spent, by its own account. */
export interface RedisUsage {
  /** CPU of its process, µs: commands, sockets and the append-only file. */
  readonly cpuUs: number;
  /** Time in commands, µs, by name. A script's time includes that of the commands it calls, which count again. */
  readonly commandUs: Readonly<Record<string, number>>;
  /** Bytes in use. */
  readonly memoryBytes: number;
}

/** Reads what Redis has spent so far. */
export async function readUsage(redis: RedisClient): Promise<RedisUsage> {
  const node = mastersOf(redis)[0];
  if (node === undefined) throw new Error("no Redis");
  const cpu = await node.info("cpu");
  const commands = await node.info("commandstats");
  const commandUs: Record<string, number> = {};
  for (const [, name, usec] of commands.matchAll(/^cmdstat_([^:]+):.*?usec=(\d+)/gm)) {
    commandUs[name as string] = Number(usec);
  }
  return {
    cpuUs: (numberIn(cpu, "used_cpu_user") + numberIn(cpu, "used_cpu_sys")) * 1e6,
    commandUs,
    memoryBytes: numberIn(await node.info("memory"), "used_memory"),
  };
}

function numberIn(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1]);
}

/** Time in the named commands between two readings, µs. */
export function spentIn(names: readonly string[], before: RedisUsage, after: RedisUsage): number {
  return names.reduce((sum, name) => sum + (after.commandUs[name] ?? 0) - (before.commandUs[name] ?? 0), 0);
}
