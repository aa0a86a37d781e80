import type { MapAnchor } from "@encounter/core/wire/live";
import { fromAnchored } from "@encounter/core/wire/live";
import type { Feature, FeatureCollection, Position } from "geojson";

const GRATICULE_STEP = 10;
const MERCATOR_EDGE = 85;
const GRID_STEP_M = 10;
const GRID_REACH_M = 600;

function line(coordinates: Position[]): Feature {
  return { type: "Feature", geometry: { type: "LineString", coordinates }, properties: {} };
}

/** Meridians and parallels every ten degrees. */
export function graticule(): FeatureCollection {
  const features: Feature[] = [];
  for (let longitude = -180; longitude <= 180; longitude += GRATICULE_STEP) {
    features.push(line([-MERCATOR_EDGE, 0, MERCATOR_EDGE].map((latitude) => [longitude, latitude])));
  }
  for (let latitude = -80; latitude <= 80; latitude += GRATICULE_STEP) {
    features.push(line([-180, 0, 180].map((longitude) => [longitude, latitude])));
  }
  return { type: "FeatureCollection", features };
}

/** A grid of ten metres about a venue's anchor, which gives a place without a plan its scale. */
export function metreGrid(anchor: MapAnchor): FeatureCollection {
  const features: Feature[] = [];
  const at = (eastM: number, northM: number): Position => {
    const { longitude, latitude } = fromAnchored(anchor, eastM, northM);
    return [longitude, latitude];
  };
  for (let m = -GRID_REACH_M; m <= GRID_REACH_M; m += GRID_STEP_M) {
    features.push(line([at(m, -GRID_REACH_M), at(m, GRID_REACH_M)]));
    features.push(line([at(-GRID_REACH_M, m), at(GRID_REACH_M, m)]));
  }
  return { type: "FeatureCollection", features };
}
