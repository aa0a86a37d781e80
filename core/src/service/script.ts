import type { RedisClient } from "./redis.ts";

/** Runs a script on the server that holds its keys. */
export type RunScript = (keys: readonly string[], args: readonly (string | number | Buffer)[]) => Promise<unknown>;

/**
 * Makes a Lua script callable on a client: by its digest, and in full where the server does not know it yet. On one
 * client, a name stands for one script.
 * @param strings whether strings in its answers are text or come as buffers
 */
export function defineScript(
  client: RedisClient,
  name: string,
  lua: string,
  strings: "text" | "buffers" = "text",
): RunScript {
  const callName = strings === "text" ? name : `${name}Buffer`;
  const commands = client as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  // Defined anew, a script would be sent in full again.
  if (commands[callName] === undefined) client.defineCommand(name, { lua });
  const call = commands[callName];
  if (call === undefined) throw new Error(`script ${name} was not defined`);
  return (keys, args) => call.call(client, keys.length, ...keys, ...args);
}

/** Beginnings of the errors with which Redis refuses a command before doing any of it. */
const REFUSALS = [
  "OOM",
  "MISCONF",
  "LOADING",
  "READONLY",
  "CLUSTERDOWN",
  "MASTERDOWN",
  "NOREPLICAS",
  "BUSY",
  "TRYAGAIN",
  "NOAUTH",
  "NOPERM",
];

/** Whether a rejected command surely did nothing; otherwise it may or may not have happened. */
export function didNothing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message.startsWith("Stream isn't writeable")) return true;
  return error.name === "ReplyError" && REFUSALS.some((code) => error.message.startsWith(code));
}
