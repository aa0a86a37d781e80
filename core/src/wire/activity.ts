import Type from "typebox";

/** Most buckets of one answer. */
export const ACTIVITY_BUCKETS_MAX = 2_000;

const MinuteOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

/** How much was going on in a venue over time: what the map's time slider shows. */
export const VenueActivity = Type.Object({
  venue_id: Type.String(),
  from: Type.Integer({ description: "start of the first bucket, ms: a minute's start" }),
  to: Type.Integer({
    description: "end of the last bucket, exclusive, ms: a minute's end; that bucket may be shorter",
  }),
  step_minutes: Type.Integer({ minimum: 1, maximum: 1440, description: "length of a bucket" }),
  first_minute: MinuteOrNull("oldest minute with fixes that is still kept"),
  newest_minute: MinuteOrNull("newest evaluated minute"),
  fixes: Type.Array(Type.Integer(), {
    description: "per bucket: evaluated fixes of its minutes, one per device and minute",
  }),
  pairs: Type.Array(Type.Integer(), {
    description:
      "per bucket: pairs in proximity, minute by minute, at the proximity that was the venue's default when the " +
      "minute was evaluated",
  }),
});
export type VenueActivity = Type.Static<typeof VenueActivity>;
