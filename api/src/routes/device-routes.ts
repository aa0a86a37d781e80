import { firstMinuteIn, minuteAfter } from "@encounter/core/domain/minute";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { DeviceFixes, DeviceList } from "@encounter/core/wire/devices";
import { ID_LENGTH_MAX } from "@encounter/core/wire/identity";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { Breather } from "../breather.ts";
import { oldestMinuteOf } from "../contacts/contact-finder.ts";
import { shownFix } from "../contacts/contact-path.ts";
import { deviceNumber } from "../contacts/device-names.ts";
import { readDeviceFixes } from "../devices/device-fixes.ts";
import { findDevices } from "../devices/device-list.ts";
import { goneSignal, sendText } from "../http/answer-stream.ts";
import { badRequest } from "../http/api-error.ts";
import {
  answers,
  caseParameter,
  type DeviceParams,
  DevicePath,
  jsonAnswer,
  type VenueParams,
  VenuePath,
  windowParameters,
} from "../http/route-schema.ts";
import { readInteger } from "../query/number-value.ts";
import { readTimeWindow, type TimeWindow } from "../query/time-window.ts";
import type { ApiServices } from "../services.ts";
import { findDevice, findVenue } from "./find-venue.ts";

const LIMIT_MAX = 1_000;
const tags = ["devices"];

const ListQuery = Type.Object({
  ...caseParameter,
  q: Type.Optional(Type.String({ maxLength: ID_LENGTH_MAX, description: "part of the id, in any case" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_MAX })),
  cursor: Type.Optional(Type.String({ description: "`next_cursor` of the page before" })),
});

interface ListTexts {
  readonly q?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** Devices that were seen, and their fixes. */
export function deviceRoutes(app: FastifyInstance, services: ApiServices): void {
  app.get<{ Params: VenueParams; Querystring: ListTexts }>(
    "/v1/venues/:venue/devices",
    {
      schema: {
        tags,
        summary: "Devices that were seen, sorted by id",
        description: "With the times of their first and last fix, as far as those are evaluated (within seconds).",
        params: VenuePath,
        querystring: ListQuery,
        response: answers({ 200: jsonAnswer("a page of devices", DeviceList) }, 400, 401, 404, 503),
      },
    },
    async (request, reply): Promise<DeviceList> => {
      const { q = "", limit: limitText = String(LIMIT_MAX), cursor } = request.query;
      const limit = readInteger("limit", limitText, 1, LIMIT_MAX);
      const filter = { text: q, after: cursor === undefined ? null : readCursor(cursor) };
      const { keys } = await findVenue(services, request.params);
      const found = await findDevices(services.redis, keys, filter, limit + 1, new Breather(goneSignal(reply)));
      const devices = found.slice(0, limit);
      const last = devices.at(-1);
      return { devices, next_cursor: found.length > limit && last !== undefined ? writeCursor(last.device_id) : null };
    },
  );

  app.get<{ Params: DeviceParams; Querystring: { from?: string; to?: string } }>(
    "/v1/venues/:venue/devices/:device/fixes",
    {
      schema: {
        tags,
        summary: "A device's minutes with their fixes, ascending",
        description: "One fix a minute: the one that counts for contacts. A minute that is not there is missing.",
        params: DevicePath,
        querystring: Type.Object({ ...windowParameters, ...caseParameter }),
        response: answers({ 200: jsonAnswer("the minutes that overlap the window", DeviceFixes) }, 400, 401, 404, 503),
      },
    },
    async (request, reply) => {
      const window = readTimeWindow(request.query, services.now());
      const record = await findVenue(services, request.params);
      const deviceId = findDevice(services, record, request.params);
      const breather = new Breather(goneSignal(reply));
      return sendText(
        reply,
        "application/json; charset=utf-8",
        fixesJson(services, record, deviceId, window, breather),
      );
    },
  );
}

async function* fixesJson(
  { redis, now }: ApiServices,
  record: VenueRecord,
  deviceId: string,
  { fromMs, toMs }: TimeWindow,
  breather: Breather,
): AsyncGenerator<string> {
  const facts = { venue_id: record.venueId, device_id: deviceId, from: fromMs, to: toMs };
  yield `${JSON.stringify(facts).slice(0, -1)},"fixes":[`;
  const number = await deviceNumber(redis, record.keys, deviceId);
  if (number !== null) {
    const firstMinute = Math.max(firstMinuteIn(fromMs), oldestMinuteOf(record, now()));
    const span = { firstMinute, endMinute: minuteAfter(toMs) };
    let separator = "";
    for await (const { minute, fix } of readDeviceFixes(redis, record.keys, number, span, breather)) {
      yield separator + JSON.stringify({ minute, ...shownFix(fix) });
      separator = ",";
    }
  }
  yield "]}";
}

function writeCursor(lastId: string): string {
  return Buffer.from(JSON.stringify(lastId)).toString("base64url");
}

function readCursor(text: string): string {
  try {
    const lastId: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof lastId === "string") return lastId;
  } catch {
    // Told below.
  }
  throw badRequest("cursor must be the next_cursor of an answer to the same query");
}
