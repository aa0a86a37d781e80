import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../root.mjs";

/** Who speaks with Redis: each service with what it needs, and the owner, for backups and by hand. */
export const REDIS_USERS = /** @type {const} */ (["owner", "ingest", "processor", "api"]);

/** @typedef {Record<typeof REDIS_USERS[number], string>} RedisPasswords */

/**
 * The users' rights as `deploy/users.acl` says them, with the passwords' hashes.
 * @param {RedisPasswords} passwords
 */
export function aclOf(passwords) {
  let acl = readFileSync(path.join(root, "deploy", "users.acl"), "utf8");
  for (const user of REDIS_USERS) {
    acl = acl.replace(`@${user}@`, `#${createHash("sha256").update(passwords[user]).digest("hex")}`);
  }
  return acl;
}
