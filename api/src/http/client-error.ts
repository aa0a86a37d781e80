import type { Socket } from "node:net";
import { endWith } from "@encounter/core/service/refused-socket";
import { ApiError, badRequest } from "./api-error.ts";
import { errorAnswer } from "./error-answers.ts";
import { BARE_HEADERS } from "./security-headers.ts";

/** Answers what is no HTTP, or whose path and headers are too long, in the one form that errors have. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [reason, known] = answerFor(error.code);
  const body = JSON.stringify(errorAnswer(known));
  const head = [
    `HTTP/1.1 ${known.status} ${reason}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ];
  endWith(socket, `${head.join("\r\n")}\r\n\r\n${body}`);
}

function answerFor(code: string | undefined): [reason: string, error: ApiError] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return [
        "Request Header Fields Too Large",
        new ApiError(431, "too_large", "the path and the headers are too long"),
      ];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["Request Timeout", new ApiError(408, "bad_request", "the request took too long to arrive")];
    default:
      return ["Bad Request", badRequest("this is not HTTP/1.1")];
  }
}
