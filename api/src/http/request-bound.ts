import { type HttpLimits, RequestLimit } from "@encounter/core/service/http-limits";
import type { FastifyInstance } from "fastify";
import { ApiError } from "./api-error.ts";

/** Answers 503 while as many requests as may be are read or answered. */
export function boundRequests(app: FastifyInstance, limits: HttpLimits): void {
  const limit = new RequestLimit(limits);
  app.addHook("onRequest", async (request, reply) => {
    if (limit.enter(request.raw, reply.raw)) return;
    throw new ApiError(503, "busy", "too many requests at once: try again in a moment", {
      "retry-after": "2",
      connection: "close",
    });
  });
}
