import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two texts are the same, in a time that does not tell how nearly. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Whether an `Authorization` header holds the operator token. Takes as long for a wrong one. */
export function isOperatorCredential(header: string | undefined, operatorToken: string): boolean {
  return isSameSecret(header ?? "", `Bearer ${operatorToken}`);
}
