import {
  isTimeZone,
  isWithin,
  NAME_LENGTH_MAX,
  SETTING_RANGES,
  type SettingRange,
} from "@encounter/core/domain/venue-settings";
import type { Venue, VenueChange } from "@encounter/core/wire/venue";
import type { Texts } from "../language/language.ts";

/** Settings that are numbers. */
export type NumberSetting = keyof typeof SETTING_RANGES;

/** A venue's settings as they stand in the form: as typed. */
export type SettingTexts = Record<NumberSetting | "name" | "time_zone", string> & {
  mappedin: boolean;
  pseudonyms: boolean;
};

export type SettingName = keyof SettingTexts;

/** What is wrong, setting by setting; nothing for what is right. */
export type SettingTroubles = Partial<Record<SettingName, string>>;

/** Settings in the order in which the form has them. */
export const SETTING_ORDER: readonly SettingName[] = [
  "name",
  "time_zone",
  "proximity",
  "min_minutes",
  "cap",
  "max_accuracy",
  "retention_days",
  "mappedin",
  "pseudonyms",
];

const NUMBERS = Object.keys(SETTING_RANGES) as NumberSetting[];

/** A venue's settings, to be typed at. */
export function settingTexts(venue: Venue, language: string): SettingTexts {
  const shown = (setting: NumberSetting) =>
    venue[setting].toLocaleString(language, { useGrouping: false, maximumFractionDigits: 10 });
  return {
    name: venue.name,
    time_zone: venue.time_zone,
    max_accuracy: shown("max_accuracy"),
    proximity: shown("proximity"),
    min_minutes: shown("min_minutes"),
    cap: shown("cap"),
    retention_days: shown("retention_days"),
    mappedin: venue.mappedin,
    pseudonyms: venue.pseudonyms,
  };
}

/** A number as people write it, with a point or a comma; NaN for what is none. */
export function typedNumber(text: string): number {
  const plain = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : Number.NaN;
}

/** What of the form differs from the venue: what a PUT has to say. Numbers that are none are NaN. */
export function changeOf(form: SettingTexts, venue: Venue): VenueChange {
  const { mappedin, pseudonyms } = form;
  const wanted: VenueChange = { name: form.name.trim(), time_zone: form.time_zone.trim(), mappedin, pseudonyms };
  for (const setting of NUMBERS) wanted[setting] = typedNumber(form[setting]);
  const entries = Object.entries(wanted) as [SettingName, unknown][];
  return Object.fromEntries(entries.filter(([setting, value]) => !Object.is(value, venue[setting])));
}

/** What is wrong with what was typed, in words that name the allowed range. */
export function settingTroubles(form: SettingTexts, words: Texts): SettingTroubles {
  const { textLength, noTimeZone } = words.manage;
  const troubles: SettingTroubles = {};
  const name = form.name.trim();
  if (name.length < 1 || name.length > NAME_LENGTH_MAX) troubles.name = textLength(NAME_LENGTH_MAX);
  if (!isTimeZone(form.time_zone.trim())) troubles.time_zone = noTimeZone;
  for (const setting of NUMBERS) {
    if (isWithin(SETTING_RANGES[setting], typedNumber(form[setting]))) continue;
    troubles[setting] = rangeTrouble(setting, form, words);
  }
  if (troubles.cap === undefined && typedNumber(form.cap) < typedNumber(form.proximity)) {
    troubles.cap = words.manage.capTooSmall(rangeWords("cap", form, words));
  }
  return troubles;
}

function rangeTrouble(setting: NumberSetting, form: SettingTexts, words: Texts): string {
  const range = rangeWords(setting, form, words);
  return outOfRange(SETTING_RANGES[setting], range, words);
}

/** Says that a number is beyond its range. */
export function outOfRange({ steps }: SettingRange, range: string, words: Texts): string {
  const { outOfRange, wholeOutOfRange, tenthsOutOfRange } = words.manage;
  if (steps === "whole") return wholeOutOfRange(range);
  return steps === "tenths" ? tenthsOutOfRange(range) : outOfRange(range);
}

/** From what to what a setting may be, with its unit; the cap begins at the proximity that is typed. */
export function rangeWords(setting: NumberSetting, form: SettingTexts, words: Texts): string {
  const { least, most } = SETTING_RANGES[setting];
  const proximity = typedNumber(form.proximity);
  const from = setting === "cap" && isWithin(SETTING_RANGES.proximity, proximity) ? proximity : least;
  const shown = (value: number) => value.toLocaleString(words.code);
  return words.manage.range(shown(from), shown(most), unitOf(setting, words));
}

/** What a setting is counted in. */
export function unitOf(setting: NumberSetting, words: Texts): string {
  if (setting === "min_minutes") return words.manage.minutes;
  return setting === "retention_days" ? words.manage.days : words.manage.metres;
}

/** The setting that the server's words are about: they begin with its name. */
export function settingNamed(message: string): SettingName | null {
  return SETTING_ORDER.find((setting) => message.startsWith(`${setting} `)) ?? null;
}
