import Type from "typebox";
import { Compile } from "typebox/compile";
import { isInTenths, isTimeZone, NAME_LENGTH_MAX, SETTING_DEFAULTS, SETTING_RANGES } from "../domain/venue-settings.ts";
import { ID_LENGTH_MAX } from "./identity.ts";

/** A setting's range in the words of a schema. */
function bounds(setting: keyof typeof SETTING_RANGES): { minimum: number; maximum: number } {
  return { minimum: SETTING_RANGES[setting].least, maximum: SETTING_RANGES[setting].most };
}

/** What a venue may be told to do; PUT takes any part of it. */
export const VenueChange = Type.Partial(
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, description: "the venue's id where never given" }),
    time_zone: Type.String({ description: "IANA name, UTC by default" }),
    max_accuracy: Type.Number({ ...bounds("max_accuracy"), description: "largest accepted accuracy radius, metres" }),
    proximity: Type.Number({ ...bounds("proximity"), description: "default proximity, metres, steps of 0.1" }),
    min_minutes: Type.Integer({ ...bounds("min_minutes"), description: "default length of a contact" }),
    cap: Type.Number({
      ...bounds("cap"),
      description: "widest proximity that can be asked for, metres, steps of 0.1; fixed once the venue has fixes",
    }),
    retention_days: Type.Integer({
      ...bounds("retention_days"),
      description: "how long fixes and contacts are kept",
    }),
    mappedin: Type.Boolean({ description: "whether the MappedIn HTTP contract is served" }),
    pseudonyms: Type.Boolean({
      description:
        "whether the store knows devices by keyed hashes of their ids alone; fixed once the venue has fixes or credentials of devices",
    }),
  }),
);
export type VenueChange = Type.Static<typeof VenueChange>;

/** A venue's settings, whole. */
export const VenueSettings = Type.Required(VenueChange);
export type VenueSettings = Type.Static<typeof VenueSettings>;

/** Where a venue is on the map of the world. */
export const VenuePlace = Type.Object({ longitude: Type.Number(), latitude: Type.Number() });
export type VenuePlace = Type.Static<typeof VenuePlace>;

/** A venue as the operators' door shows it. */
export const Venue = Type.Intersect([
  Type.Object({ venue_id: Type.String({ minLength: 1, maxLength: ID_LENGTH_MAX }) }),
  VenueSettings,
  Type.Object({
    place: Type.Union([VenuePlace, Type.Null()], {
      description: "the plan's middle, else amid the newest fixes; null while there are neither",
    }),
  }),
]);
export type Venue = Type.Static<typeof Venue>;

/** Every venue, sorted by id. */
export const VenueList = Type.Object({ venues: Type.Array(Venue) });

/** Settings of a venue that was given none. */
export function defaultSettings(venueId: string): VenueSettings {
  return { name: venueId, ...SETTING_DEFAULTS };
}

const settingsShape = Compile(VenueSettings);

const ALLOWED: { readonly [setting in keyof VenueSettings]: string } = {
  name: "must be a text of 1 to 200 characters",
  time_zone: "must be an IANA name such as Europe/Berlin",
  max_accuracy: "must be a number between 0 and 50 m",
  proximity: "must be a number between 0 and 25 m in steps of 0.1",
  min_minutes: "must be a whole number between 1 and 1440",
  cap: "must be a number between proximity and 25 m in steps of 0.1",
  retention_days: "must be a whole number between 1 and 3650",
  mappedin: "must be true or false",
  pseudonyms: "must be true or false",
};

/** What is wrong with settings taken together (the member and the allowed range), or null. */
export function settingsTrouble(settings: VenueSettings): string | null {
  if (!settingsShape.Check(settings)) {
    const setting = settingsShape.Errors(settings)[0]?.instancePath.slice(1) as keyof VenueSettings;
    return `${setting} ${ALLOWED[setting]}`;
  }
  if (!isInTenths(settings.proximity)) return "proximity must be in steps of 0.1 m";
  if (!isInTenths(settings.cap)) return "cap must be in steps of 0.1 m";
  if (settings.cap < settings.proximity) {
    return `cap must be between proximity and 25 m: cap is ${settings.cap}, proximity ${settings.proximity}`;
  }
  return isTimeZone(settings.time_zone) ? null : `time_zone ${ALLOWED.time_zone}`;
}

/** Names of all settings. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(Object.keys(ALLOWED));
