import type { Socket } from "node:net";
import { ApiError, badRequest } from "./api-error.ts";
import { errorAnswer } from "./error-answers.ts";

/** Answers what is no HTTP, or whose path and headers are too long, in the one form that errors have. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const isTooLong = error.code === "HPE_HEADER_OVERFLOW";
  const known = isTooLong
    ? new ApiError(431, "too_large", "the path and the headers are too long")
    : badRequest("this is not HTTP/1.1");
  const body = JSON.stringify(errorAnswer(known));
  const head = [
    `HTTP/1.1 ${known.status} ${isTooLong ? "Request Header Fields Too Large" : "Bad Request"}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
