import { type HttpLimits, RequestLimit } from "@encounter/core/service/http-limits";
import type { FastifyInstance } from "fastify";

/** Answers 503 while as many requests as may be are read or answered. */
export function boundRequests(app: FastifyInstance, limits: HttpLimits): void {
  const limit = new RequestLimit(limits);
  app.addHook("onRequest", async (request, reply) => {
    if (limit.enter(request.raw, reply.raw)) return;
    reply.header("Retry-After", "2").header("Connection", "close");
    return reply.code(503).send({ batch: null, error: { code: "busy", retry_after_ms: 2_000 } });
  });
}
