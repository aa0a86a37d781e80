import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const RIGHTS = fileURLToPath(new URL("../../deploy/users.acl", import.meta.url));

/** A user's password in tests. */
const passwordOf = (user: string) => `password of ${user}`;

/** Writes the users that services have where they are set up in earnest, for a Redis of a test. */
export function writeRedisUsers(file: string): void {
  const hashed = (user: string) => `#${createHash("sha256").update(passwordOf(user)).digest("hex")}`;
  writeFileSync(
    file,
    readFileSync(RIGHTS, "utf8").replaceAll(/@(owner|ingest|processor|api)@/g, (_, user) => hashed(user)),
  );
}

/** Where a test's Redis is for one of its users. */
export function urlFor(user: string, url: string): string {
  const as = new URL(url);
  as.username = user;
  as.password = encodeURIComponent(passwordOf(user));
  return as.href;
}
