import { createHash, timingSafeEqual } from "node:crypto";

/** Whether an `Authorization` header holds the operator token. Takes as long for a wrong one. */
export function isOperatorCredential(header: string | undefined, operatorToken: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${operatorToken}`));
}
