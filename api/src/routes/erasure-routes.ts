import { beginErasure, type Erasure, listErasures, readErasure } from "@encounter/core/service/erasure-store";
import { ErasureList, ErasureReceipt } from "@encounter/core/wire/erasure";
import type { FastifyInstance } from "fastify";
import { notFound, noVenue } from "../http/api-error.ts";
import {
  answers,
  type DeviceParams,
  DevicePath,
  jsonAnswer,
  KeyPath,
  type VenueParams,
  VenuePath,
} from "../http/route-schema.ts";
import type { ApiServices } from "../services.ts";
import { findDevice, findVenue } from "./find-venue.ts";

const LISTED_MAX = 1_000;
const tags = ["devices"];

/** The erasure of devices. */
export function erasureRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, enqueue, now } = services;

  app.delete<{ Params: DeviceParams }>(
    "/v1/venues/:venue/devices/:device",
    {
      schema: {
        tags,
        summary: "Erases a device: its fixes, its contacts in everybody's records, its credentials",
        description:
          "From the answer on no query finds the device and its sockets close; what is stored of it is removed within " +
          "seconds, and then from the store's append-only files. A device that goes on sending through a gateway begins " +
          "anew with the next fix: end that first. The receipt does not name the device.",
        params: DevicePath,
        response: answers({ 202: jsonAnswer("it has begun", ErasureReceipt) }, 400, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const deviceId = findDevice(services, record, request.params);
      const erasure = await beginErasure(redis, record, deviceId, now());
      if (erasure === null) throw noVenue(record.venueId);
      // Should this be lost: processors look for erasures that are not complete every minute.
      await enqueue({ kind: "erase", venueId: record.venueId });
      const place = `/v1/venues/${encodeURIComponent(record.venueId)}/erasures/${erasure.id}`;
      return reply.code(202).header("location", place).send(receiptOf(record.venueId, erasure));
    },
  );

  app.get<{ Params: VenueParams }>(
    "/v1/venues/:venue/erasures",
    {
      schema: {
        tags,
        summary: "The venue's erasures, the newest first",
        description: `At most ${LISTED_MAX}. Receipts are kept for a year. They do not name the device.`,
        params: VenuePath,
        response: answers({ 200: jsonAnswer("their receipts", ErasureList) }, 401, 404, 503),
      },
    },
    async (request): Promise<ErasureList> => {
      const record = await findVenue(services, request.params);
      const erasures = await listErasures(redis, record, LISTED_MAX);
      return { erasures: erasures.map((erasure) => receiptOf(record.venueId, erasure)) };
    },
  );

  app.get<{ Params: VenueParams & { id: string } }>(
    "/v1/venues/:venue/erasures/:id",
    {
      schema: {
        tags,
        summary: "What came of an erasure",
        description: "Receipts are kept for a year. They do not name the device.",
        params: KeyPath,
        response: answers({ 200: jsonAnswer("its receipt", ErasureReceipt) }, 401, 404, 503),
      },
    },
    async (request) => {
      const record = await findVenue(services, request.params);
      const erasure = await readErasure(redis, record, request.params.id);
      if (erasure === null) throw notFound("there is no such erasure, or its receipt is older than a year");
      return receiptOf(record.venueId, erasure);
    },
  );
}

function receiptOf(venueId: string, erasure: Erasure): ErasureReceipt {
  const { id, requestedMs, removedMs, completedMs, files, removed } = erasure;
  return {
    erasure_id: id,
    venue_id: venueId,
    state: removedMs === null ? "removing" : completedMs === null ? "rewriting" : "complete",
    requested_at: requestedMs,
    removed_at: removedMs,
    completed_at: completedMs,
    removed: {
      fixes: removed.fixes,
      pair_minutes: removed.pairMinutes,
      timelines: removed.timelines,
      tokens: removed.tokens,
      invites: removed.invites,
    },
    append_only_files: files,
  };
}
