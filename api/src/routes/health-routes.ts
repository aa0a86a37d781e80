import { VENUES_KEY } from "@encounter/core/storage/keys";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { unavailable } from "../http/api-error.ts";
import { answers, jsonAnswer } from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";

const tags = ["health"];
const Health = Type.Object({ status: Type.String() });

/** Whether the service lives, and whether it can answer. Open to all. */
export function healthRoutes(app: FastifyInstance, { redis }: Pick<ApiServices, "redis">): void {
  app.get(
    "/health/live",
    {
      schema: {
        tags,
        summary: "Whether the service lives",
        security: [],
        response: { 200: jsonAnswer("it does", Health) },
      },
    },
    async () => ({ status: "live" }),
  );

  app.get(
    "/health/ready",
    {
      schema: {
        tags,
        summary: "Whether the service can answer",
        security: [],
        response: answers({ 200: jsonAnswer("it can", Health) }, 503),
      },
    },
    async () => {
      if (redis.status !== "ready") throw unavailable();
      await redis.exists(VENUES_KEY);
      return { status: "ready" };
    },
  );
}

/** Prometheus metrics, for operators. */
export function metricsRoute(app: FastifyInstance, { metrics }: ApiServices): void {
  app.get(
    "/metrics",
    {
      schema: {
        tags,
        summary: "Metrics, Prometheus text",
        description: "Takes the operator token like every other call.",
        response: answers(
          { 200: { description: "metrics", content: { "text/plain": { schema: Type.String() } } } },
          401,
        ),
      },
    },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
