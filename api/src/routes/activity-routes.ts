import { firstMinuteIn, minuteAfter, minuteStartMs } from "@encounter/core/domain/minute";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueKeys } from "@encounter/core/storage/keys";
import { ACTIVITY_BUCKETS_MAX, VenueActivity } from "@encounter/core/wire/activity";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { firstMinuteFrom, readVenueActivity } from "../activity/venue-activity.ts";
import { Breather } from "../breather.ts";
import { oldestMinuteOf } from "../contacts/contact-finder.ts";
import { goneSignal } from "../http/answer-stream.ts";
import { badRequest } from "../http/api-error.ts";
import { answers, jsonAnswer, type VenueParams, VenuePath, windowParameters } from "../http/route-schema.ts";
import { readInteger } from "../query/number-value.ts";
import { readTimeWindow } from "../query/time-window.ts";
import type { ApiServices } from "../services.ts";
import { findVenue } from "./find-venue.ts";

const STEP_MAX = 1_440;

interface ActivityTexts {
  readonly from?: string;
  readonly to?: string;
  readonly step?: string;
}

/** Buckets of minutes, `[firstMinute, endMinute)` in steps. */
interface Buckets {
  readonly firstMinute: number;
  readonly endMinute: number;
  readonly step: number;
  readonly count: number;
}

/** How much was going on, over time. */
export function activityRoutes(app: FastifyInstance, services: ApiServices): void {
  const { redis, now } = services;

  app.get<{ Params: VenueParams; Querystring: ActivityTexts }>(
    "/v1/venues/:venue/activity",
    {
      schema: {
        tags: ["now"],
        summary: "How many fixes and pairs in proximity there were over time",
        description:
          "In buckets of `step` minutes from `from` on; both ends are widened to whole minutes. Pairs are counted when " +
          "a minute is evaluated, at the proximity that is the venue's default then: another default counts for what " +
          "is evaluated from then on. Two weeks take some tens of milliseconds.",
        params: VenuePath,
        querystring: Type.Object({
          ...windowParameters,
          step: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: STEP_MAX,
              default: 1,
              description: `minutes of a bucket; at most ${ACTIVITY_BUCKETS_MAX} buckets`,
            }),
          ),
        }),
        response: answers({ 200: jsonAnswer("the buckets", VenueActivity) }, 400, 401, 404, 503),
      },
    },
    async (request, reply): Promise<VenueActivity> => {
      const record = await findVenue(services, request.params);
      const buckets = readBuckets(request.query, now());
      const oldest = oldestMinuteOf(record, now());
      const [counted, first, newest] = await Promise.all([
        countInto(buckets, redis, record.keys, oldest, new Breather(goneSignal(reply))),
        firstMinuteFrom(redis, record.keys, oldest),
        redis.hget(record.keys.state, "newest"),
      ]);
      return {
        venue_id: record.venueId,
        from: minuteStartMs(buckets.firstMinute),
        to: minuteStartMs(buckets.endMinute),
        step_minutes: buckets.step,
        first_minute: first,
        newest_minute: newest === null ? null : Number(newest),
        ...counted,
      };
    },
  );
}

async function countInto(
  { firstMinute, endMinute, step, count }: Buckets,
  redis: RedisClient,
  keys: VenueKeys,
  oldestMinute: number,
  breather: Breather,
): Promise<{ fixes: number[]; pairs: number[] }> {
  const fixes = new Array<number>(count).fill(0);
  const pairs = new Array<number>(count).fill(0);
  const from = Math.max(firstMinute, oldestMinute);
  for await (const minutes of readVenueActivity(redis, keys, breather, from, endMinute)) {
    for (const each of minutes) {
      const bucket = Math.floor((each.minute - firstMinute) / step);
      fixes[bucket] = (fixes[bucket] as number) + each.fixes;
      pairs[bucket] = (pairs[bucket] as number) + each.pairs;
    }
  }
  return { fixes, pairs };
}

function readBuckets(texts: ActivityTexts, nowMs: number): Buckets {
  const { fromMs, toMs } = readTimeWindow(texts, nowMs);
  const step = readInteger("step", texts.step ?? "1", 1, STEP_MAX);
  const [firstMinute, endMinute] = [firstMinuteIn(fromMs), minuteAfter(toMs)];
  const count = Math.ceil((endMinute - firstMinute) / step);
  if (count <= ACTIVITY_BUCKETS_MAX) return { firstMinute, endMinute, step, count };
  throw badRequest(
    `at most ${ACTIVITY_BUCKETS_MAX} buckets: from, to and step make ${count}; take a longer step or a shorter window`,
  );
}
