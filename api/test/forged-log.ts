import { AUDIT_LOG_KEY } from "@encounter/core/storage/keys";
import type { OperatorsDoor } from "./operators-door.ts";

/** What becomes of an entry's fields; null takes it out. */
export type Forgery = (seq: number, fields: string[]) => string[] | null;

/** The log anew, with entries changed or left out, as somebody would who has the store but not the key. */
export async function forgeLog({ redis }: OperatorsDoor, change: Forgery): Promise<void> {
  const entries = await redis.xrange(AUDIT_LOG_KEY, "-", "+");
  await redis.del(AUDIT_LOG_KEY);
  for (const [id, fields] of entries) {
    const changed = change(Number.parseInt(id, 10), fields);
    if (changed !== null) await redis.xadd(AUDIT_LOG_KEY, id, ...changed);
  }
}
