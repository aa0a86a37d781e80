import Type from "typebox";

/** How a venue is doing now. */
export const VenueStatus = Type.Object({
  devices_online: Type.Integer({ minimum: 0, description: "devices with a fix time in the last 60 s" }),
  fixes_per_second: Type.Number({ minimum: 0, description: "accepted and repeated, over the last 10 s" }),
  newest_minute: Type.Union([Type.Integer(), Type.Null()], { description: "newest evaluated minute" }),
  unevaluated_fixes: Type.Integer({ minimum: 0, description: "accepted fixes not yet reflected in the contacts" }),
});
export type VenueStatus = Type.Static<typeof VenueStatus>;
