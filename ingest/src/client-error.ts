import type { Socket } from "node:net";
import { endWith } from "@encounter/core/service/refused-socket";
import { SECURITY_HEADERS } from "./security-headers.ts";

const ANSWERS: Record<string, [status: string, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "too_big", "the path and the headers are too long"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "timeout", "the request took too long to arrive"],
};

/** Answers what is no HTTP, too long or too slow, in the form that errors have. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, code, message] = ANSWERS[error.code ?? ""] ?? [
    "400 Bad Request",
    "bad_request",
    "this is not HTTP/1.1",
  ];
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${status}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ];
  endWith(socket, `${head.join("\r\n")}\r\n\r\n${body}`);
}
