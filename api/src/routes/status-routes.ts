import { VenueStatus } from "@encounter/core/wire/status";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { ApiError } from "../http/api-error.ts";
import { answers, caseParameter, jsonAnswer, type VenueParams, VenuePath } from "../http/route-schema.ts";
import { MEASURES_MAX } from "../live/live-venue.ts";
import type { ApiServices } from "../services.ts";
import { findVenue } from "./find-venue.ts";

const tags = ["now"];

/** How a venue is doing, and the way to its live feed. */
export function statusRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, live } = services;

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue/status",
    {
      schema: {
        tags,
        summary: "How a venue is doing now",
        params: VenuePath,
        response: answers({ 200: jsonAnswer("as of the last second", VenueStatus) }, 401, 404, 503),
      },
    },
    async (request): Promise<VenueStatus> => {
      const record = await findVenue(services, request.params);
      const [{ devicesOnline, fixesPerSecond }, [unevaluated, newest]] = await Promise.all([
        live.status(record),
        redis.hmget(record.keys.state, "unevaluated", "newest"),
      ]);
      return {
        devices_online: devicesOnline,
        fixes_per_second: fixesPerSecond,
        newest_minute: newest ? Number(newest) : null,
        unevaluated_fixes: Math.max(0, Number(unevaluated ?? 0)),
      };
    },
  );

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue/live",
    {
      schema: {
        tags,
        summary: "The live feed, a WebSocket",
        description:
          "A snapshot, then changes, for the map. Its frames are private to the map and may change. Lines are the pairs " +
          'in proximity by the measure of the URL or, from then on, of a text frame `{"type":"look","proximity":2,' +
          '"certain":true}`, answered within a second; what is absent has the venue\'s default. The viewers of a venue ' +
          `may look by ${MEASURES_MAX} measures at once, the default among them: who would be one more is told ` +
          '`{"type":"refused","message"}` and sees what it saw. Anything else that a viewer says ends it with 1008. ' +
          "Devices have their own names for a tracer who states the case; for whoever else watches numbers, others " +
          "every day.",
        params: VenuePath,
        querystring: Type.Object({
          ...caseParameter,
          proximity: Type.Optional(
            Type.Number({ minimum: 0, maximum: 25, description: "metres, up to the venue's cap" }),
          ),
          certain: Type.Optional(Type.Boolean({ description: "whether only certain minutes count" })),
        }),
        response: answers({ 101: emptyAnswerToUpgrade }, 400, 401, 404, 426),
      },
    },
    () => {
      throw new ApiError(426, "upgrade_required", "this is a WebSocket: the map opens it", { upgrade: "websocket" });
    },
  );
}

const emptyAnswerToUpgrade = { description: "the feed begins", type: "null" };
