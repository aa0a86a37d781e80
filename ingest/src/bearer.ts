import type { IncomingMessage } from "node:http";

/** The subprotocol of the devices' socket. */
export const PROTOCOL = "positions.v1";
const BEARER_PROTOCOL = "bearer.";

/** The token of a request: of its Authorization header or, as a browser must send it, of its subprotocols. */
export function bearerOf(request: IncomingMessage): string | null {
  const header = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "");
  if (header?.[1] !== undefined) return header[1];
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
  const bearer = offered.find((protocol) => protocol.startsWith(BEARER_PROTOCOL));
  return bearer === undefined || !offered.includes(PROTOCOL) ? null : bearer.slice(BEARER_PROTOCOL.length);
}
