import { createHash, timingSafeEqual } from "node:crypto";

const USER = "operator";

/** Whether an Authorization header holds the operator's HTTP basic credentials (RFC 7617). */
export function isOperator(header: string | undefined, operatorToken: string): boolean {
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return false;
  const offered = digest(Buffer.from(encoded, "base64").toString("utf8"));
  return timingSafeEqual(offered, digest(`${USER}:${operatorToken}`));
}

/** Equal lengths for a comparison whose time tells nothing. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
