import { LATITUDE_LIMIT } from "@encounter/core/domain/fix";
import {
  FLOOR_MAX,
  FLOOR_MIN,
  PLAN_FEATURES_MAX,
  PLAN_KINDS,
  PLAN_NAME_LENGTH_MAX,
  PLAN_POSITIONS_MAX,
} from "@encounter/core/domain/plan";
import type { CollectionTrouble, FeatureTrouble } from "@encounter/core/domain/plan-check";
import type { GeometryTrouble } from "@encounter/core/domain/plan-geometry";

/** Says what is wrong with a plan as a whole. */
export function collectionWords(found: CollectionTrouble): string {
  switch (found.trouble) {
    case "no-collection":
      return 'a floor plan must be GeoJSON: {"type":"FeatureCollection","features":[...]}';
    case "no-features":
      return "features must be an array";
    case "too-many-features":
      return `features must be at most ${PLAN_FEATURES_MAX}, not ${found.count}`;
  }
}

/** Says what is wrong with a feature, as the continuation of its name. */
export function featureWords(found: FeatureTrouble): string {
  switch (found.trouble) {
    case "no-feature":
      return ' must be {"type":"Feature",...}';
    case "properties":
      return ".properties must be an object with kind and floor";
    case "kind":
      return `.properties.kind must be one of ${PLAN_KINDS.join(", ")}`;
    case "floor":
      return `.properties.floor must be a whole number between ${FLOOR_MIN} and ${FLOOR_MAX}`;
    case "name":
      return `.properties.name must be a text of at most ${PLAN_NAME_LENGTH_MAX} characters`;
    case "no-geometry":
      return ".geometry must be an object";
    case "shape":
      return `.geometry.type of a ${found.kind} must be one of ${found.allowed.join(", ")}`;
    case "coordinates":
      return `.geometry.coordinates${found.geometry.at}${geometryWords(found.geometry)}`;
  }
}

function geometryWords(found: GeometryTrouble): string {
  switch (found.trouble) {
    case "nesting":
      return " must be nested as GeoJSON says: see RFC 7946, section 3.1";
    case "position":
      return " must be [longitude, latitude], two numbers";
    case "longitude":
      return " must have a longitude between -180 and 180, first";
    case "latitude":
      return ` must have a latitude between ${-LATITUDE_LIMIT} and ${LATITUDE_LIMIT}, second`;
    case "open-ring":
      return " must be closed: its last position is its first";
    case "too-few-positions":
      return ` must have at least ${found.least} positions`;
    case "too-many-positions":
      return ` must have at most ${PLAN_POSITIONS_MAX} positions, not ${found.count}: simplify or divide the feature`;
    case "crossing":
      return ` must not cross itself: it does at [${found.longitude}, ${found.latitude}]`;
  }
}
