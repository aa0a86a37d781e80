/** What a number among a venue's settings may be: from `least` to `most`, both included. */
export interface SettingRange {
  readonly least: number;
  readonly most: number;
  /** `tenths`: whole decimetres. */
  readonly steps: "any" | "tenths" | "whole";
}

/** Longest name of a venue or of a key, UTF-16 units. */
export const NAME_LENGTH_MAX = 200;

/** The ranges of a venue's numbers; besides, `cap` is at least `proximity`. Lengths are metres. */
export const SETTING_RANGES = {
  max_accuracy: { least: 0, most: 50, steps: "any" },
  proximity: { least: 0, most: 25, steps: "tenths" },
  min_minutes: { least: 1, most: 1_440, steps: "whole" },
  cap: { least: 0, most: 25, steps: "tenths" },
  retention_days: { least: 1, most: 3_650, steps: "whole" },
} as const satisfies Record<string, SettingRange>;

/** Devices that one invite may let in. */
export const INVITE_USES: SettingRange = { least: 1, most: 100_000, steps: "whole" };

/** What a venue has that was told nothing else; its name is then its id. */
export const SETTING_DEFAULTS = {
  time_zone: "UTC",
  max_accuracy: 4,
  proximity: 5,
  min_minutes: 5,
  cap: 10,
  retention_days: 14,
  mappedin: false,
  pseudonyms: false,
} as const;

/** Whether a number is one that a range allows. */
export function isWithin({ least, most, steps }: SettingRange, value: number): boolean {
  if (!(value >= least && value <= most)) return false;
  if (steps === "whole") return Number.isInteger(value);
  return steps === "any" || isInTenths(value);
}

/** Whether a length is a whole number of decimetres, as typed by a person. */
export function isInTenths(lengthM: number): boolean {
  return Math.abs(lengthM * 10 - Math.round(lengthM * 10)) < 1e-9;
}

/** Whether a name is one of a time zone, such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
