import { nearness } from "@encounter/core/domain/proximity";
import { readMinuteFixes } from "@encounter/core/service/minute-store";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { dayOf } from "@encounter/core/storage/keys";
import { PAIR_BYTES, readPairs, type StoredFix, type StoredPair } from "@encounter/core/storage/records";
import { type MinutePair, VenueMinute } from "@encounter/core/wire/contacts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import { type NameDevice, ownName } from "../access/aliases.ts";
import { passOf } from "../access/guard.ts";
import { Breather } from "../breather.ts";
import { oldestMinuteOf } from "../contacts/contact-finder.ts";
import { isCertain, shownFix, shownGap, toMm } from "../contacts/contact-path.ts";
import { goneSignal, sendText } from "../http/answer-stream.ts";
import { answers, caseParameter, jsonAnswer, MinutePath, type VenueParams } from "../http/route-schema.ts";
import { readInteger, readProximityDm } from "../query/number-value.ts";
import type { ApiServices } from "../services.ts";
import { findVenue } from "./find-venue.ts";

/** Largest minute that a path may name. */
export const MINUTE_MAX = 144_000_000_000;
const PAIRS_PER_TURN = 2_048;

/** A past minute, for replay. */
export function minuteRoutes(app: FastifyInstance, services: ApiServices): void {
  app.get<{ Params: VenueParams & { minute: string }; Querystring: { proximity?: string } }>(
    "/v1/venues/:venue/minutes/:minute",
    {
      schema: {
        tags: ["contacts"],
        summary: "A minute's fixes and the pairs in proximity, for replay",
        description:
          "Fixes in the order of their acceptance, pairs in no order, `device_id` before `other`. A viewer sees numbers in " +
          "place of devices' names, others every day.",
        params: MinutePath,
        querystring: Type.Object({
          ...caseParameter,
          proximity: Type.Optional(
            Type.Number({ minimum: 0, maximum: 25, description: "metres, up to the venue's cap" }),
          ),
        }),
        response: answers({ 200: jsonAnswer("the minute", VenueMinute) }, 400, 401, 404, 503),
      },
    },
    async (request, reply) => {
      const record = await findVenue(services, request.params);
      const minute = readInteger("minute", request.params.minute, 0, MINUTE_MAX);
      const { cap, proximity } = record.settings;
      const proximityDm = readProximityDm(request.query.proximity ?? String(proximity), cap);
      const breather = new Breather(goneSignal(reply));
      return sendText(
        reply,
        "application/json; charset=utf-8",
        minuteJson(
          services,
          record,
          { minute, proximityDm, nameDevice: namingFor(services, request, record, minute) },
          breather,
        ),
      );
    },
  );
}

/** What devices of a minute are called for whoever asks. */
export function namingFor(
  { aliases }: ApiServices,
  request: FastifyRequest,
  { incarnation }: VenueRecord,
  minute: number,
): NameDevice {
  return passOf(request).areNamesShown ? ownName : aliases.of(incarnation, dayOf(minute));
}

interface MinuteWish {
  readonly minute: number;
  readonly proximityDm: number;
  readonly nameDevice: NameDevice;
}

async function* minuteJson(
  services: ApiServices,
  record: VenueRecord,
  { minute, proximityDm, nameDevice }: MinuteWish,
  breather: Breather,
): AsyncGenerator<string> {
  const { redis, names, now } = services;
  const isKept = minute >= oldestMinuteOf(record, now());
  const fixes = isKept ? await readMinuteFixes(redis, record.keys, minute) : [];
  const known = await names.resolve(record, new Set(fixes.map(({ deviceNumber }) => deviceNumber)));
  const ids = new Map([...known].map(([number, id]) => [number, nameDevice(id)]));
  yield `${JSON.stringify({ venue_id: record.venueId, minute }).slice(0, -1)},"fixes":[`;
  const byDevice = new Map<number, StoredFix>();
  for (const fix of fixes) {
    const deviceId = ids.get(fix.deviceNumber);
    if (deviceId === undefined) continue;
    await breather.pause();
    yield `${byDevice.size === 0 ? "" : ","}${JSON.stringify({ device_id: deviceId, ...shownFix(fix) })}`;
    byDevice.set(fix.deviceNumber, fix);
  }
  yield '],"pairs":[';
  const list = isKept ? await redis.getBuffer(record.keys.pairs(minute)) : null;
  let separator = "";
  for await (const pair of pairsOf(list, breather)) {
    const shown = pair.gapDm <= proximityDm ? showPair(pair, byDevice, ids, proximityDm) : null;
    if (shown === null) continue;
    yield separator + JSON.stringify(shown);
    separator = ",";
  }
  yield "]}";
}

async function* pairsOf(list: Buffer | null, breather: Breather): AsyncGenerator<StoredPair> {
  for (let at = 0; at < (list?.length ?? 0); at += PAIRS_PER_TURN * PAIR_BYTES) {
    await breather.pause();
    yield* readPairs((list as Buffer).subarray(at, at + PAIRS_PER_TURN * PAIR_BYTES));
  }
}

function showPair(
  { newer, older }: StoredPair,
  fixes: ReadonlyMap<number, StoredFix>,
  ids: ReadonlyMap<number, string>,
  proximityDm: number,
): MinutePair | null {
  const [a, b] = [fixes.get(newer), fixes.get(older)];
  const [idA, idB] = [ids.get(newer), ids.get(older)];
  if (a === undefined || b === undefined || idA === undefined || idB === undefined) return null;
  const { distanceM, gapM, reachM } = nearness(a, b);
  const [deviceId, other] = idA < idB ? [idA, idB] : [idB, idA];
  return {
    device_id: deviceId,
    other,
    distance: toMm(distanceM),
    gap: shownGap(gapM),
    certain: isCertain(reachM, proximityDm),
  };
}
