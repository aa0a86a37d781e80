import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { World } from "../world.ts";

const STREAM = "bench:stream";
const ENTRIES = 400_000;
/** An entry of some 100 bytes, as many as a packed fix. */
const FIELD = "x".repeat(90);

/** Entries a second that `redis-benchmark` adds to a stream of this Redis, with so many in one go. */
export async function pipelinedXadd({ server, redis }: World, pipeline: number): Promise<number> {
  const options = ["-p", String(server.port), "-n", String(ENTRIES), "-P", String(pipeline), "-c", "50", "--csv"];
  const { stdout } = await promisify(execFile)("redis-benchmark", [...options, "XADD", STREAM, "*", "fix", FIELD]);
  await redis.unlink(STREAM);
  const perSecond = Number(stdout.trim().split("\n").at(-1)?.split(",")[1]?.replaceAll('"', ""));
  if (!(perSecond > 0)) throw new Error(`redis-benchmark said:\n${stdout}`);
  return perSecond;
}
