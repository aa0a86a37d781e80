import {
  FLOOR_MAX,
  FLOOR_MIN,
  PLAN_BYTES_MAX,
  PLAN_FEATURES_MAX,
  PLAN_KINDS,
  PLAN_NAME_LENGTH_MAX,
  PLAN_POSITIONS_MAX,
} from "@encounter/core/domain/plan";
import type { FeatureTrouble } from "@encounter/core/domain/plan-check";
import type { GeometryTrouble } from "@encounter/core/domain/plan-geometry";
import type { Texts } from "../language/language.ts";
import type { FarAway } from "./plan-place.ts";
import type { PlanReading, WrongFeature } from "./plan-reading.ts";

type TroubleWords = Texts["manage"]["trouble"];

/** Says what is wrong with a file as a whole. */
export function wholeWords(found: NonNullable<PlanReading["whole"]>, words: Texts): string {
  const { trouble } = words.manage;
  switch (found.trouble) {
    case "too-large":
      return trouble.tooLarge(megabytes(found.bytes, words.code), megabytes(PLAN_BYTES_MAX, words.code));
    case "not-json":
      return trouble.notJson;
    case "no-collection":
      return trouble.noCollection;
    case "no-features":
      return trouble.noFeatures;
    case "too-many-features":
      return trouble.tooManyFeatures(found.count, PLAN_FEATURES_MAX);
  }
}

function megabytes(bytes: number, language: string): string {
  return (bytes / 1_048_576).toLocaleString(language, { maximumFractionDigits: 1 });
}

/** Names a feature by its place in the file, and by what it calls itself. */
export function featureName({ number, name }: WrongFeature, words: Texts): string {
  return name === null ? words.manage.feature(number) : words.manage.namedFeature(number, name);
}

/** Says what is wrong with a feature, as the continuation of its name. */
export function featureWords(found: FeatureTrouble, words: Texts): string {
  const { trouble } = words.manage;
  switch (found.trouble) {
    case "no-feature":
      return trouble.noFeature;
    case "properties":
      return trouble.properties;
    case "kind":
      return kindWords(found.given, trouble);
    case "floor":
      return trouble.floor(FLOOR_MIN, FLOOR_MAX);
    case "name":
      return trouble.name(PLAN_NAME_LENGTH_MAX);
    case "no-geometry":
      return trouble.noGeometry;
    case "shape":
      return trouble.shape(found.kind, oneOf(found.allowed, words.code));
    case "coordinates":
      return coordinateWords(found.geometry, trouble);
  }
}

function oneOf(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "disjunction" }).format(names);
}

function kindWords(given: unknown, trouble: TroubleWords): string {
  const kinds = PLAN_KINDS.join(", ");
  return given === undefined ? trouble.noKind(kinds) : trouble.kind(JSON.stringify(given).slice(0, 40), kinds);
}

function coordinateWords(found: GeometryTrouble, trouble: TroubleWords): string {
  switch (found.trouble) {
    case "nesting":
      return trouble.nesting;
    case "position":
      return trouble.position;
    case "longitude":
      return trouble.longitude;
    case "latitude":
      return trouble.latitude;
    case "open-ring":
      return trouble.openRing;
    case "too-few-positions":
      return trouble.tooFew(found.least);
    case "too-many-positions":
      return trouble.tooMany(found.count, PLAN_POSITIONS_MAX);
    case "crossing":
      return trouble.crossing;
  }
}

/** Says how far off a plan is. */
export function farAwayWords({ by, distanceM }: FarAway, words: Texts): string {
  const km = distanceM / 1_000;
  const distance = `${km.toLocaleString(words.code, { maximumSignificantDigits: km < 10 ? 2 : 3 })} km`;
  return by === "devices" ? words.manage.farAway(distance) : words.manage.farFromPlan(distance);
}
