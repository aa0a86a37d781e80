import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FilesOutcome } from "@encounter/core/service/erasure-store";
import { mastersOf, type RedisClient } from "@encounter/core/service/redis";
import { defineScript } from "@encounter/core/service/script";
import { REMOVE_IF_SCRIPT } from "@encounter/core/storage/credential-scripts";
import { REWRITE_TURN_KEY } from "@encounter/core/storage/keys";
import type { Redis } from "ioredis";

const POLL_MS = 100;
/** How long a turn is good that is not kept up, ms: its holder died. */
const TURN_MS = 15_000;
/** How long files may take to be written anew before somebody else tries again, ms. */
const PATIENCE_MS = 600_000;

/**
 * Has every master write its append-only files anew, from what it holds now, and waits for that: what was removed
 * before is then on no disk of theirs. Replicas follow their own rules, and backups are not touched.
 * @returns null where somebody else does so just now, who may have begun before that
 * @throws Error where a rewrite failed; what asked for it is to be tried again
 */
export async function rewriteAppendOnlyFiles(redis: RedisClient): Promise<FilesOutcome | null> {
  const holder = randomUUID();
  if ((await redis.set(REWRITE_TURN_KEY, holder, "PX", TURN_MS, "NX")) === null) return null;
  const keepTurn = () => redis.pexpire(REWRITE_TURN_KEY, TURN_MS);
  try {
    const outcomes = await Promise.all(mastersOf(redis).map((node) => rewriteOn(node, keepTurn)));
    return (["not_allowed", "rewritten"] as const).find((outcome) => outcomes.includes(outcome)) ?? "off";
  } finally {
    await defineScript(redis, "encounterRemoveIf", REMOVE_IF_SCRIPT)([REWRITE_TURN_KEY], [holder]);
  }
}

/** What `INFO persistence` says of a server's files. */
interface FilesState {
  readonly isOn: boolean;
  readonly isBusy: boolean;
  readonly isWell: boolean;
  /** Rewrites begun since the server started. */
  readonly rewrites: number;
}

async function rewriteOn(node: Redis, keepTurn: () => Promise<unknown>): Promise<FilesOutcome> {
  const endMs = performance.now() + PATIENCE_MS;
  const before = await idle(node, endMs, keepTurn);
  if (!before.isOn) return "off";
  if (!(await ask(node))) return "not_allowed";
  const after = await idle(node, endMs, keepTurn);
  // Fewer: the server was started anew in between, by files that are not written anew.
  if (!after.isWell || after.rewrites <= before.rewrites) throw new Error("the append-only files were not rewritten");
  return "rewritten";
}

/** Asks for a rewrite; false where the server does not allow that. */
async function ask(node: Redis): Promise<boolean> {
  try {
    await node.bgrewriteaof();
    return true;
  } catch (error) {
    const { message } = error as Error;
    if (/^(NOPERM|ERR unknown command)/.test(message)) return false;
    throw error;
  }
}

/** The state once nothing is being written or about to be. A rewrite that began earlier may hold what was removed. */
async function idle(node: Redis, endMs: number, keepTurn: () => Promise<unknown>): Promise<FilesState> {
  for (;;) {
    const state = readState(await node.info("persistence"));
    if (!state.isBusy) return state;
    if (performance.now() > endMs) throw new Error("the append-only files are being rewritten for too long");
    await Promise.all([keepTurn(), sleep(POLL_MS)]);
  }
}

function readState(info: string): FilesState {
  const value = (name: string) => new RegExp(`^${name}:(\\S*)`, "m").exec(info)?.[1];
  return {
    isOn: value("aof_enabled") === "1",
    isBusy: value("aof_rewrite_in_progress") === "1" || value("aof_rewrite_scheduled") === "1",
    isWell: value("aof_last_bgrewrite_status") === "ok",
    rewrites: Number(value("aof_rewrites") ?? 0),
  };
}
