import { didNothing } from "@encounter/core/service/script";
import type { ErrorAnswer } from "@encounter/core/wire/trouble";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { Abandoned } from "../breather.ts";
import { ApiError, badRequest, notFound, unavailable } from "./api-error.ts";

/** Answers a failed request in the one form that errors have. */
export function answerError(
  error: FastifyError | ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof Abandoned) return reply.hijack();
  const known = toApiError(error);
  if (known.code === "internal") request.log.error({ reason: error.message, stack: error.stack }, "request failed");
  else if (known.status >= 500) request.log.warn({ reason: error.message }, "request refused");
  return reply.code(known.status).headers(known.headers).send(errorAnswer(known));
}

/** The body of an error's answer. */
export function errorAnswer({ code, message }: ApiError): ErrorAnswer {
  return { error: { code, message } };
}

/** What Fastify and Redis throw, in our words. */
function toApiError(error: FastifyError | ApiError): ApiError {
  if (error instanceof ApiError) return error;
  if (isStoreTrouble(error)) return unavailable();
  switch (error.statusCode) {
    case 403:
    case 404:
      // Files of the map that may not be served, such as those of a path that leads out of it.
      return notFound("there is nothing here: see /docs for all calls");
    case 400:
      return badRequest(error.message);
    case 413:
      return new ApiError(413, "too_large", "the body is too large: send less at once");
    case 415:
      return new ApiError(415, "unsupported_media_type", "send JSON, with content-type: application/json");
    case 416:
      return new ApiError(416, "bad_request", "the range begins beyond the end");
    default:
      return new ApiError(500, "internal", "something went wrong here: try again, and look at the service's log");
  }
}

const STORE_ERROR_NAMES = new Set(["MaxRetriesPerRequestError", "ClusterAllFailedError"]);
const STORE_ERROR_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND"]);
const STORE_MESSAGES =
  /^(Connection is closed|Command timed out|Stream isn't writeable|Cluster isn't ready|None of startup nodes|Socket timeout)/;

/** Whether an error says that Redis is away or cannot do its work now. */
function isStoreTrouble(error: Error & { code?: string }): boolean {
  if (STORE_ERROR_NAMES.has(error.name) || STORE_MESSAGES.test(error.message)) return true;
  return didNothing(error) || (error.code !== undefined && STORE_ERROR_CODES.has(error.code));
}
