import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { encodeId } from "../src/storage/keys.ts";

/** Every key of a Redis with all that is under it, as bytes one after the other. */
export async function everythingStored(redis: Redis): Promise<Map<string, Buffer>> {
  const stored = new Map<string, Buffer>();
  for await (const names of redis.scanStream({ count: 1_000 })) {
    for (const name of names as string[]) stored.set(name, await bytesUnder(redis, name));
  }
  return stored;
}

/** The keys that hold any of some texts, in their name or under it. */
export async function keysThatHold(redis: Redis, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const [name, bytes] of await everythingStored(redis)) {
    if (texts.some((text) => name.includes(text) || bytes.includes(text))) found.push(name);
  }
  return found.sort();
}

/** The append-only files of a Redis, one after the other. Have it compress nothing, or a text may hide in them. */
export async function appendOnlyBytes(redis: Redis): Promise<Buffer> {
  const [, directory] = (await redis.config("GET", "dir")) as [string, string];
  const folder = join(directory, "appendonlydir");
  return Buffer.concat(await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name)))));
}

/** The forms in which an id may be written somewhere. */
export function formsOf(id: string): string[] {
  return [id, encodeId(id), Buffer.from(id).toString("base64url"), JSON.stringify(id).slice(1, -1)];
}

const READERS: Record<string, (redis: Redis, name: string) => Promise<unknown>> = {
  string: (redis, name) => redis.getBuffer(name),
  hash: (redis, name) => redis.callBuffer("HGETALL", name),
  set: (redis, name) => redis.smembersBuffer(name),
  zset: (redis, name) => redis.callBuffer("ZRANGE", name, "0", "-1"),
  list: (redis, name) => redis.lrangeBuffer(name, 0, -1),
  stream: (redis, name) => redis.callBuffer("XRANGE", name, "-", "+"),
};

async function bytesUnder(redis: Redis, name: string): Promise<Buffer> {
  const type = await redis.type(name);
  if (type === "none") return Buffer.alloc(0);
  const read = READERS[type];
  if (read === undefined) throw new Error(`a ${type} is not read by this test: ${name}`);
  return Buffer.concat(flat(await read(redis, name)));
}

function flat(answer: unknown): Buffer[] {
  if (Buffer.isBuffer(answer)) return [answer, Buffer.from("\n")];
  return Array.isArray(answer) ? answer.flatMap(flat) : [];
}
