import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { doorUrl } from "@encounter/core/service/http-limits";
import type { Running } from "@encounter/core/service/lifecycle";
import { isOperatorCredential } from "@encounter/core/service/operator-credential";
import type { RedisClient } from "@encounter/core/service/redis";
import type { TelemetryDoorConfig } from "./config.ts";
import type { ProcessorMetrics } from "./metrics.ts";

/** The processor has no door but this, and only where one is asked for: health for its keeper, metrics for operators. */
export async function openTelemetryDoor(
  { port, host, operatorToken }: TelemetryDoorConfig,
  redis: RedisClient,
  metrics: ProcessorMetrics,
): Promise<Running & { readonly url: string }> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isReady = redis.status === "ready";
    if (request.url === "/health/live") sendJson(response, 200, { status: "live" });
    else if (request.url === "/health/ready") {
      sendJson(response, isReady ? 200 : 503, { status: isReady ? "ready" : "the store is away" });
    } else if (request.url !== "/metrics") {
      sendError(response, 404, "not_found", "no such route; /health/live, /health/ready and /metrics are here");
    } else if (!isOperatorCredential(request.headers.authorization, operatorToken)) {
      sendError(response, 401, "unauthorized", "send the operator token: Authorization: Bearer <token>");
    } else {
      response.writeHead(200, { "content-type": metrics.registry.contentType }).end(await metrics.registry.metrics());
    }
  }
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    url: doorUrl(null, host, (server.address() as AddressInfo).port),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { code, message } });
}
