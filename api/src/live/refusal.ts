import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { endWith } from "@encounter/core/service/refused-socket";
import type { ApiError } from "../http/api-error.ts";
import { BARE_HEADERS } from "../http/security-headers.ts";

/** An HTTP answer instead of an upgrade. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const NO_SUCH_PATH: Refusal = { status: 404, code: "not_found", message: "there is no WebSocket at this path" };
export const NO_SUCH_VENUE: Refusal = {
  status: 404,
  code: "not_found",
  message: "there is no such venue: create it first",
};
export const BAD_PATH: Refusal = {
  status: 400,
  code: "bad_request",
  message: "the venue in the path must be percent-encoded UTF-8",
};
/** What an error says, as a refusal. */
export function refusalOf({ status, code, message }: ApiError): Refusal {
  return { status, code, message };
}

export const UNAVAILABLE: Refusal = {
  status: 503,
  code: "unavailable",
  message: "the store does not answer: try again in a moment",
};

/** Answers a request to upgrade with an HTTP error, and ends its connection. */
export function refuse(socket: Duplex, { status, code, message }: Refusal): void {
  const body = JSON.stringify({ error: { code, message } });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    ...Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ["WWW-Authenticate: Bearer"] : []),
    ...(status === 503 ? ["Retry-After: 2"] : []),
  ];
  endWith(socket, `${lines.join("\r\n")}\r\n\r\n${body}`);
}
