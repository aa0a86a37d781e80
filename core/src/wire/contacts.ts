import Type from "typebox";

const Ms = (description: string) => Type.Integer({ description: `${description}, ms since the Unix epoch` });
const Metres = (description: string) =>
  Type.Number({ minimum: 0, description: `${description}, metres, rounded to mm` });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A fix in an answer that says elsewhere whose it is. */
export const FixShown = Type.Object({
  timestamp: Ms("when the device was there"),
  latitude: Type.Number(),
  longitude: Type.Number(),
  floor: Type.Integer(),
  accuracy: Type.Number({ description: "radius, metres" }),
});
export type FixShown = Type.Static<typeof FixShown>;

/** A contact's minute of least distance, the earliest of equals. */
export const Closest = Type.Object({
  minute: Type.Integer(),
  floor: Type.Integer(),
  distance: Metres("between the two fixes' centres"),
  gap: Metres("distance less both accuracy radii, at least 0"),
});
export type Closest = Type.Static<typeof Closest>;

/** One minute of a contact. */
export const PathMinute = Type.Object({
  minute: Type.Integer(),
  distance: Metres("between the two fixes' centres"),
  gap: Metres("distance less both accuracy radii, at least 0"),
  certain: Type.Boolean({ description: "whether they were in proximity wherever in their circles they were" }),
  self: FixShown,
  other: FixShown,
});
export type PathMinute = Type.Static<typeof PathMinute>;

/** A contact: an interval of at least `min_minutes`. */
export const Contact = Type.Object({
  device_id: Type.String(),
  other: Type.String(),
  start: Ms("start of its first minute"),
  end: Ms("end of its last minute, exclusive; may grow while the contact goes on"),
  minutes: Type.Integer({ minimum: 1 }),
  certain_minutes: Type.Integer({ minimum: 0 }),
  closest: Type.Optional(Nullable(Closest)),
  path: Type.Optional(Type.Array(PathMinute)),
});
export type Contact = Type.Static<typeof Contact>;

const answered = {
  from: Ms("start of the window"),
  to: Ms("end of the window, exclusive"),
  proximity: Type.Number({ description: "metres" }),
  min_minutes: Type.Integer(),
  contacts: Type.Array(Contact),
  next_cursor: Nullable(Type.String({ description: "gives the next page; null at the end" })),
};

/** A page of the contacts of one device, sorted by `start`, then `other`. */
export const DeviceContacts = Type.Object({ venue_id: Type.String(), device_id: Type.String(), ...answered });
export type DeviceContacts = Type.Static<typeof DeviceContacts>;

/** A page of the contacts of a venue, each pair once, sorted by `start`, `device_id`, `other`. */
export const VenueContacts = Type.Object({ venue_id: Type.String(), ...answered });
export type VenueContacts = Type.Static<typeof VenueContacts>;

/** A fix of a minute. */
export const MinuteFix = Type.Object({ device_id: Type.String(), ...FixShown.properties });
export type MinuteFix = Type.Static<typeof MinuteFix>;

/** A pair of a minute in proximity, `device_id` before `other`. */
export const MinutePair = Type.Object({
  device_id: Type.String(),
  other: Type.String(),
  distance: Metres("between the two fixes' centres"),
  gap: Metres("distance less both accuracy radii, at least 0"),
  certain: Type.Boolean(),
});
export type MinutePair = Type.Static<typeof MinutePair>;

/** A past minute, for replay. */
export const VenueMinute = Type.Object({
  venue_id: Type.String(),
  minute: Type.Integer({ minimum: 0 }),
  fixes: Type.Array(MinuteFix),
  pairs: Type.Array(MinutePair),
});
export type VenueMinute = Type.Static<typeof VenueMinute>;
