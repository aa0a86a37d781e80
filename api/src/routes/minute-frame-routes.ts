import { ANCHOR_HEADER, type MapAnchor, writeAnchor } from "@encounter/core/wire/live";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { Breather } from "../breather.ts";
import { oldestMinuteOf } from "../contacts/contact-finder.ts";
import { goneSignal } from "../http/answer-stream.ts";
import { answers, caseParameter, MinutePath, type VenueParams } from "../http/route-schema.ts";
import { readBoolean, readInteger, readProximityDm } from "../query/number-value.ts";
import type { ApiServices } from "../services.ts";
import { findVenue } from "./find-venue.ts";
import { MINUTE_MAX, namingFor } from "./minute-routes.ts";

const FRAME = "application/octet-stream";
/** As the live feed's hello says of a venue that is nowhere yet. */
const UNPLACED: MapAnchor = { longitude: 0, latitude: 0 };

interface FrameTexts {
  readonly proximity?: string;
  readonly certain?: string;
}

/** A past minute in the form of the live feed, for the map. */
export function minuteFrameRoutes(app: FastifyInstance, services: ApiServices): void {
  const { frames, places, now } = services;

  app.get<{ Params: VenueParams & { minute: string }; Querystring: FrameTexts }>(
    "/v1/venues/:venue/minutes/:minute/frame",
    {
      schema: {
        tags: ["now"],
        summary: "A past minute as a frame of the live feed",
        description:
          "For the map; private to it, and it may change. The minute's fixes, and every pair out to the venue's cap " +
          "with the length of its run of minutes in proximity that ends with this one: 0 where it is not in " +
          "proximity, at most 240 or the venue's `min_minutes`, whichever is more. Metres count from the place that " +
          `the header \`${ANCHOR_HEADER}\` gives as longitude, comma, latitude: the live feed's anchor.`,
        params: MinutePath,
        querystring: Type.Object({
          ...caseParameter,
          proximity: Type.Optional(
            Type.Number({ minimum: 0, maximum: 25, description: "metres, up to the venue's cap" }),
          ),
          certain: Type.Optional(Type.Boolean({ description: "whether only certain minutes count for runs" })),
        }),
        response: answers(
          { 200: { description: "the frame", content: { [FRAME]: { schema: Type.String({ format: "binary" }) } } } },
          400,
          401,
          404,
          503,
        ),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const minute = readInteger("minute", request.params.minute, 0, MINUTE_MAX);
      const { cap, proximity } = record.settings;
      const nearness = {
        proximityDm: readProximityDm(request.query.proximity ?? String(proximity), cap),
        certainOnly: readBoolean("certain", request.query.certain ?? "false"),
      };
      const anchor = (await places.of(record)) ?? UNPLACED;
      const nameDevice = namingFor(services, request, record, minute);
      const question = { record, minute, nearness, anchor, nameDevice, oldestMinute: oldestMinuteOf(record, now()) };
      const frame = await frames.frame(question, new Breather(goneSignal(reply)));
      return reply.type(FRAME).header(ANCHOR_HEADER, writeAnchor(anchor)).send(frame);
    },
  );
}
