import { isSameSecret } from "@encounter/core/service/operator-credential";

const USER = "operator";

/** Whether an Authorization header holds the operator's HTTP basic credentials (RFC 7617). */
export function isOperator(header: string | undefined, operatorToken: string): boolean {
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return false;
  return isSameSecret(Buffer.from(encoded, "base64").toString("utf8"), `${USER}:${operatorToken}`);
}
