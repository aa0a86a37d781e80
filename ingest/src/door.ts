import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { ClientAddresses } from "@encounter/core/service/client-address";
import { CredentialCache } from "@encounter/core/service/credential-cache";
import type { Grant } from "@encounter/core/service/credential-store";
import { ConnectionLimit, doorUrl, httpOptions } from "@encounter/core/service/http-limits";
import type { Running } from "@encounter/core/service/lifecycle";
import type { Logger } from "@encounter/core/service/log";
import { isOperatorCredential } from "@encounter/core/service/operator-credential";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import { connectRedis, type RedisClient } from "@encounter/core/service/redis";
import { followRenewals } from "@encounter/core/service/tls";
import { FRAME_BYTES_MAX } from "@encounter/core/wire/frame";
import { ID_LENGTH_MAX } from "@encounter/core/wire/identity";
import type { FrameResult } from "@encounter/core/wire/reply";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import { activationRoutes } from "./activation.ts";
import { answerClientError } from "./client-error.ts";
import type { IngestConfig } from "./config.ts";
import { EpochWatch } from "./epoch.ts";
import { BusyError, FixWriter } from "./fix-writer.ts";
import { mappedinRoutes } from "./mappedin/routes.ts";
import { IngestMetrics } from "./metrics.ts";
import { positionsPost } from "./positions-post.ts";
import { PositionsSocketDoor } from "./positions-socket.ts";
import { boundRequests } from "./request-bound.ts";
import { securityHeaders } from "./security-headers.ts";
import { traceStrangers } from "./stranger-trace.ts";
import { TokenBuckets } from "./token-bucket.ts";
import { Wakeups } from "./wakeups.ts";

/**
 * Connections that may wait to be taken, as far as the system's own limit allows. After a restart all devices come back
 * within seconds; with Node's 511, of a thousand some hundred were dropped and came seconds later.
 */
const CONNECTIONS_WAITING_MAX = 4_096;

export interface DoorDependencies {
  readonly config: IngestConfig;
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly now: () => number;
}

/** The devices' door, open. */
export interface Door extends Running {
  readonly url: string;
}

/** Opens the devices' door: its sockets, its HTTP routes, and what stands behind both. */
export async function openDoor({ config, redis, log, now }: DoorDependencies): Promise<Door> {
  const { limits } = config;
  const epochWatch = new EpochWatch(redis, log);
  await epochWatch.refresh();
  const credentials = new CredentialCache({ redis, log, now });
  const wakeRedis = connectRedis(config.redisUrls, "worker", log);
  const wakeups = new Wakeups(wakeRedis, log, now);
  const onAccepted = (venueId: string, minute: number) => wakeups.wake(venueId, minute);
  const pseudonyms = new Pseudonyms(config.machineKey);
  const writer = new FixWriter({ redis, log, limits, pseudonyms, now, onAccepted });
  const buckets = new TokenBuckets(limits.burstSeconds);
  const takeRate = (grant: Grant, count: number) => {
    const perSecond = grant.kind === "gateway" ? limits.gatewayFixesPerSecond : limits.deviceFixesPerSecond;
    return buckets.take(grant.credentialId, perSecond, count, now());
  };
  const addresses = new ClientAddresses(config.trustedProxies);
  const joins = new TokenBuckets(limits.joinsBurstSeconds);
  const takeJoin = (request: IncomingMessage) => {
    const address = addresses.ofRequest(request);
    return address === null || joins.take(address, limits.joinsPerAddressPerSecond, 1, now());
  };
  const metrics = new IngestMetrics(writer);
  const shared = {
    writer,
    credentials,
    epoch: () => epochWatch.current,
    takeRate,
    onAnswered: metrics.answered,
    onFrameError: metrics.frameError,
    now,
  };
  const requestLog: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance: requestLog,
    logController: new LogController({ disableRequestLogging: true }),
    ...httpOptions(limits, config.tls),
    clientErrorHandler: answerClientError,
    bodyLimit: FRAME_BYTES_MAX,
    forceCloseConnections: "idle",
    // An id of 128 characters, each of them percent-encoded as three bytes.
    routerOptions: { maxParamLength: ID_LENGTH_MAX * 9 },
  });
  new ConnectionLimit(app.server, limits, addresses);
  app.addHook("onRequest", securityHeaders(config.tls !== null));
  boundRequests(app, limits);
  const unfinishedBytes = { total: 0 };
  const sockets = new PositionsSocketDoor(app.server, {
    ...shared,
    log,
    limits,
    unfinishedBytes,
    takeJoin,
  });
  traceStrangers(app, log, now);
  metrics.watchSockets(() => sockets.socketCount);
  const stopWatchingRedis = metrics.watchRedis(redis);
  answerErrors(app);
  await app.register((plugin) => positionsPost(plugin, shared));
  const mayJoin = (request: FastifyRequest) => takeJoin(request.raw);
  await app.register((plugin) => activationRoutes(plugin, { redis, pseudonyms, now, mayJoin }));
  const storeFrame = storeFrameOf(writer, epochWatch, takeRate);
  await app.register((plugin) =>
    mappedinRoutes(plugin, {
      redis,
      pseudonyms,
      operatorToken: config.operatorToken,
      now,
      storeFrame,
      mayJoin,
    }),
  );
  await app.register(async (plugin) => health(plugin, redis, config.operatorToken, metrics, epochWatch));
  await app.listen({ port: config.port, host: config.host, backlog: CONNECTIONS_WAITING_MAX });
  const { port } = app.server.address() as AddressInfo;
  const stopRenewals = followRenewals(app.server, config.tls, log);

  return {
    url: doorUrl(config.tls, config.host, port),
    async stop() {
      stopRenewals();
      await Promise.all([sockets.stop(), app.close()]);
      await writer.drained();
      stopWatchingRedis();
      writer.stop();
      credentials.stop();
      epochWatch.stop();
      await wakeups.stop();
      wakeRedis.disconnect();
      redis.disconnect();
    },
  };
}

/** Stores a frame that came by another route than the positions'. */
function storeFrameOf(
  writer: FixWriter,
  epochWatch: EpochWatch,
  takeRate: (grant: Grant, count: number) => boolean,
): (grant: Grant, fixes: readonly unknown[]) => Promise<FrameResult> {
  return async (grant, fixes) => {
    if (epochWatch.current === null) throw new BusyError("the store is away");
    if (!takeRate(grant, Math.max(1, fixes.length))) throw new BusyError("too many fixes for this credential");
    return writer.store(grant, null, fixes, JSON.stringify(fixes).length);
  };
}

async function health(
  app: FastifyInstance,
  redis: RedisClient,
  operatorToken: string,
  metrics: IngestMetrics,
  epochWatch: EpochWatch,
): Promise<void> {
  app.get("/health/live", async () => ({ status: "live" }));
  app.get("/health/ready", async (_request, reply) => {
    const isReady = redis.status === "ready" && epochWatch.current !== null;
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "the store is away" });
  });
  app.get("/metrics", async (request, reply) => {
    if (!isOperatorCredential(request.headers.authorization, operatorToken)) {
      return reply.code(401).send(errorBody("unauthorized", "send the operator token: Authorization: Bearer <token>"));
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

const CODES: Record<number, [code: string, message: string]> = {
  404: ["not_found", "no such route; devices send to /v1/positions"],
  413: ["too_big", `a body holds at most ${FRAME_BYTES_MAX} bytes: send smaller batches`],
};

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(...(CODES[404] as [string, string]))));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    const [code, message] =
      CODES[status] ?? (status < 500 ? ["bad_request", error.message] : ["internal", "try again"]);
    if (status >= 500) request.log.error({ reason: error.message, stack: error.stack }, "request failed");
    return reply.code(status).send(errorBody(code, message));
  });
}

function errorBody(code: string, message: string) {
  return { error: { code, message } };
}
