import type { AddressInfo } from "node:net";
import { ClientAddresses } from "@encounter/core/service/client-address";
import { ConnectionLimit, doorUrl, httpOptions } from "@encounter/core/service/http-limits";
import type { Running } from "@encounter/core/service/lifecycle";
import type { Logger } from "@encounter/core/service/log";
import { Pseudonyms } from "@encounter/core/service/pseudonyms";
import type { RedisClient } from "@encounter/core/service/redis";
import { followRenewals } from "@encounter/core/service/tls";
import { VenueEditor } from "@encounter/core/service/venue-store";
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Access } from "./access/access.ts";
import { doorkeeping } from "./access/doorkeeping.ts";
import { guard } from "./access/guard.ts";
import { watchGuard } from "./access/watch-guard.ts";
import type { ApiConfig } from "./config.ts";
import { ContactFinder, FINDER_LIMITS } from "./contacts/contact-finder.ts";
import { DeviceNames } from "./contacts/device-names.ts";
import { takeJsonBodies } from "./http/body-parsers.ts";
import { answerClientError } from "./http/client-error.ts";
import { answerError } from "./http/error-answers.ts";
import { Gate } from "./http/gate.ts";
import { mapFiles } from "./http/map-files.ts";
import { explainMissingRoutes } from "./http/method-check.ts";
import { describeRoutes } from "./http/open-api.ts";
import { boundRequests } from "./http/request-bound.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { compileValidator } from "./http/validation.ts";
import { createLive } from "./live/index.ts";
import { MaintenanceQueue } from "./maintenance-queue.ts";
import { ApiMetrics } from "./metrics.ts";
import { MinuteFrames } from "./minutes/minute-frame.ts";
import { VenuePlaces } from "./place/venue-places.ts";
import { accountRoutes } from "./routes/account-routes.ts";
import { activityRoutes } from "./routes/activity-routes.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { baseFileRoute } from "./routes/base-file-route.ts";
import { contactRoutes } from "./routes/contact-routes.ts";
import { credentialRoutes } from "./routes/credential-routes.ts";
import { deviceRoutes } from "./routes/device-routes.ts";
import { erasureRoutes } from "./routes/erasure-routes.ts";
import { healthRoutes, metricsRoute } from "./routes/health-routes.ts";
import { mapSettingsRoutes } from "./routes/map-settings-routes.ts";
import { minuteFrameRoutes } from "./routes/minute-frame-routes.ts";
import { minuteRoutes } from "./routes/minute-routes.ts";
import { openIdRoutes } from "./routes/openid-routes.ts";
import { ownPasswordRoute } from "./routes/own-password-route.ts";
import { passwordRoutes } from "./routes/password-routes.ts";
import { planRoutes } from "./routes/plan-routes.ts";
import { secondFactorRoutes } from "./routes/second-factor-routes.ts";
import { ownSessionRoutes, sessionRoutes } from "./routes/session-routes.ts";
import { statusRoutes } from "./routes/status-routes.ts";
import { venueAccountRoutes } from "./routes/venue-account-routes.ts";
import { venueRoutes } from "./routes/venue-routes.ts";
import type { ApiServices } from "./services.ts";

export interface ApiDependencies {
  readonly config: ApiConfig;
  /** A connection that fails fast; it is the caller's to end. */
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly now: () => number;
}

/** The operators' door, open. */
export interface Api extends Running {
  readonly url: string;
}

const BODY_BYTES_MAX = 1_048_576;
/** Longest id in a path: 128 UTF-16 units, decoded; a cursor or code is shorter. */
const PARAMETER_LENGTH_MAX = 1_024;
/** How long answers that are being sent may take when the service stops, ms. */
const STOP_GRACE_MS = 5_000;

/** Opens the operators' door: its calls, the map, and the live feed beside them. */
export async function createApi(dependencies: ApiDependencies): Promise<Api> {
  const { config, redis, log, now } = dependencies;
  const { limits } = config;
  const maintenance = new MaintenanceQueue(redis, log);
  const { access, auditRetention, ...keeping } = doorkeeping(config, redis, log, now);
  const { aliases } = keeping;
  const live = createLive({ redis, log, aliases, limits: { viewersMax: limits.viewersMax } });
  const names = new DeviceNames(redis);
  const pseudonyms = new Pseudonyms(config.pseudonymKey);
  const searchGate = new Gate(limits.searchesAtOnce, limits.searchesWaitingMax);
  const exportGate = new Gate(limits.exportsAtOnce, limits.exportsWaitingMax);
  const services: ApiServices = {
    config,
    redis,
    log,
    now,
    ...keeping,
    editor: new VenueEditor(redis, pseudonyms),
    enqueue: maintenance.enqueue,
    names,
    pseudonyms,
    places: new VenuePlaces(redis),
    frames: new MinuteFrames(redis, names, new Gate(limits.framesAtOnce, limits.framesWaitingMax)),
    finder: new ContactFinder({ redis, names, searchGate, exportGate, limits: FINDER_LIMITS, now }),
    live,
    metrics: new ApiMetrics(),
  };
  const app = await layRoutes(services, access);
  services.metrics.watchLive(live);
  const stopWatchingRedis = services.metrics.watchRedis(redis);
  live.attach(app.server, watchGuard(access, services.audit, now));
  await app.listen({ port: config.port, host: config.host });
  const { port } = app.server.address() as AddressInfo;
  auditRetention.start();
  const stopRenewals = followRenewals(app.server, config.tls, log);

  return {
    url: doorUrl(config.tls, config.host, port),
    async stop() {
      stopRenewals();
      auditRetention.stop();
      const cutOff = setTimeout(() => app.server.closeAllConnections(), STOP_GRACE_MS);
      await Promise.all([live.stop(), app.close()]);
      clearTimeout(cutOff);
      stopWatchingRedis();
      await Promise.all([maintenance.stop(), services.passwords.stop()]);
    },
  };
}

async function layRoutes(services: ApiServices, access: Access): Promise<FastifyInstance> {
  const { config } = services;
  const app = Fastify({
    loggerInstance: quiet(services.log),
    ...httpOptions(config.limits, config.tls),
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
  });
  app.setErrorHandler(answerError);
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
  takeJsonBodies(app);
  explainMissingRoutes(app);
  app.addHook("onRequest", securityHeaders(config.map, config.tls !== null));
  new ConnectionLimit(app.server, config.limits, new ClientAddresses(config.trustedProxies));
  boundRequests(app, config.limits);
  measure(app, services.metrics);
  await describeRoutes(app);

  await app.register(async (open) => {
    healthRoutes(open, services);
    sessionRoutes(open, services);
    passwordRoutes(open, services);
    openIdRoutes(open, services);
    await mapFiles(open, config.mapDirectory);
  });
  await app.register(async (guarded) => {
    guard(guarded, access, services.audit);
    metricsRoute(guarded, services);
    mapSettingsRoutes(guarded, services);
    await baseFileRoute(guarded, services);
    ownSessionRoutes(guarded, services);
    ownPasswordRoute(guarded, services);
    secondFactorRoutes(guarded, services);
    accountRoutes(guarded, services);
    venueAccountRoutes(guarded, services);
    auditRoutes(guarded, services);
    venueRoutes(guarded, services);
    planRoutes(guarded, services);
    credentialRoutes(guarded, services);
    deviceRoutes(guarded, services);
    erasureRoutes(guarded, services);
    contactRoutes(guarded, services);
    minuteRoutes(guarded, services);
    minuteFrameRoutes(guarded, services);
    activityRoutes(guarded, services);
    statusRoutes(guarded, services);
  });
  return app;
}

function measure(app: FastifyInstance, metrics: ApiMetrics): void {
  app.addHook("onResponse", async (request, reply) => {
    metrics.answered(request.routeOptions.url ?? "none", request.method, reply.statusCode, reply.elapsedTime);
  });
}

/** Requests are not logged, only what goes wrong with them: their paths hold personal data. */
function quiet(log: Logger): FastifyBaseLogger {
  return log.child({}, { level: log.isLevelEnabled("warn") ? "warn" : log.level });
}
