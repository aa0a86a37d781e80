import { execFileSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";

/** The machine and the programs that figures were taken on, in one line. */
export function describeMachine(): string {
  const redis = /v=(\S+)/.exec(execFileSync("redis-server", ["--version"]).toString())?.[1] ?? "?";
  const model = cpus()[0]?.model.trim() ?? "?";
  return `${availableParallelism()} cores (${model}), Node ${process.versions.node}, redis-server ${redis}`;
}
