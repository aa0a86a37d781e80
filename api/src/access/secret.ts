import { createHash, randomBytes } from "node:crypto";

/** A text of 256 random bits that a URL and a cookie can hold. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a secret, hex. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
