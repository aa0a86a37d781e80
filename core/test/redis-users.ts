import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const RIGHTS = fileURLToPath(new URL("../../deploy/users.acl", import.meta.url));

/** Whom the nodes of a cluster follow each other as, beside the users of `deploy/users.acl`. */
const REPLICA = "user replica reset on @replica@ +psync +replconf +ping\n";

/** A user's password in tests. */
export const passwordOf = (user: string) => `password of ${user}`;

/** Writes the users that services have where they are set up in earnest, for a Redis of a test, or a node of its cluster. */
export function writeRedisUsers(file: string, { forCluster = false } = {}): void {
  const hashed = (user: string) => `#${createHash("sha256").update(passwordOf(user)).digest("hex")}`;
  writeFileSync(
    file,
    `${readFileSync(RIGHTS, "utf8")}${forCluster ? REPLICA : ""}`.replaceAll(
      /@(owner|ingest|processor|api|replica)@/g,
      (_, user) => hashed(user),
    ),
  );
}

/** Where a test's Redis is for one of its users. */
export function urlFor(user: string, url: string): string {
  const as = new URL(url);
  as.username = user;
  as.password = encodeURIComponent(passwordOf(user));
  return as.href;
}
