import { PLAN_BYTES_MAX } from "@encounter/core/domain/plan";
import { loadPlan } from "@encounter/core/service/venue-store";
import { Plan } from "@encounter/core/wire/plan";
import type { FastifyInstance } from "fastify";
import { Breather } from "../breather.ts";
import { goneSignal } from "../http/answer-stream.ts";
import { badRequest, noVenue } from "../http/api-error.ts";
import { answers, emptyAnswer, type VenueParams, VenuePath } from "../http/route-schema.ts";
import { acceptAnyBody } from "../http/validation.ts";
import { planTrouble } from "../plan/plan-check.ts";
import type { ApiServices } from "../services.ts";
import { findVenue } from "./find-venue.ts";

const EMPTY_PLAN = '{"type":"FeatureCollection","features":[]}';
const GEOJSON = "application/geo+json";
const tags = ["plan"];

/** Floor plans. */
export function planRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, editor } = services;

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue/plan",
    {
      schema: {
        tags,
        summary: "The floor plan, empty where none was given",
        params: VenuePath,
        response: answers({ 200: { description: "GeoJSON", content: { [GEOJSON]: { schema: Plan } } } }, 401, 404),
      },
    },
    async (request, reply) => {
      const plan = await loadPlan(redis, await findVenue(services, request.params));
      return reply.type(`${GEOJSON}; charset=utf-8`).send(plan ?? EMPTY_PLAN);
    },
  );

  app.put<{ Params: VenueParams }>(
    "/v1/venues/:venue/plan",
    {
      bodyLimit: PLAN_BYTES_MAX,
      validatorCompiler: acceptAnyBody,
      schema: {
        tags,
        summary: "Replaces the floor plan",
        description:
          "Walls and doors are lines or polygons, the other kinds polygons; all in WGS84 degrees, longitude first. " +
          `Lines and rings must not cross themselves. At most ${PLAN_BYTES_MAX / 1_048_576} MiB.`,
        params: VenuePath,
        body: Plan,
        response: answers({ 204: emptyAnswer("it is stored") }, 400, 401, 403, 404, 413, 415),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const trouble = await planTrouble(request.body, new Breather(goneSignal(reply)));
      if (trouble !== null) throw badRequest(trouble);
      if (!(await editor.storePlan(record, JSON.stringify(request.body)))) throw noVenue(record.venueId);
      return reply.code(204).send();
    },
  );
}
