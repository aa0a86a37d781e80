/** WGS84: equatorial radius in metres. */
const EQUATORIAL_RADIUS_M = 6_378_137;
/** WGS84: flattening. */
const FLATTENING = 1 / 298.257223563;
/** WGS84: first eccentricity, squared. */
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;

/** The difference of two longitudes the short way round, degrees in [-180, 180]. */
export function longitudeDifference(from: number, to: number): number {
  const difference = to - from;
  if (difference > 180) return difference - 360;
  if (difference < -180) return difference + 360;
  return difference;
}

/** Metres per degree of longitude on the WGS84 ellipsoid at a latitude: the prime-vertical radius times its cosine. */
export function metresPerDegreeEast(latitude: number): number {
  const phi = latitude * RADIANS;
  const sine = Math.sin(phi);
  return (EQUATORIAL_RADIUS_M / Math.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine)) * Math.cos(phi) * RADIANS;
}

/** Metres per degree of latitude on the WGS84 ellipsoid at a latitude: the meridional radius of curvature. */
export function metresPerDegreeNorth(latitude: number): number {
  const sine = Math.sin(latitude * RADIANS);
  const w2 = 1 - ECCENTRICITY_SQUARED * sine * sine;
  return ((EQUATORIAL_RADIUS_M * (1 - ECCENTRICITY_SQUARED)) / (w2 * Math.sqrt(w2))) * RADIANS;
}

/** The local scale about one latitude, for many distances from the same point. All per degree. */
export interface LocalScale {
  /** Metres per degree east at the latitude, and how it changes over a degree north, first and half the second derivative. */
  readonly east: number;
  readonly eastSlope: number;
  readonly eastBend: number;
  /** Metres per degree north at the latitude, and how it changes over a degree north. */
  readonly north: number;
  readonly northSlope: number;
}

/**
 * The series of {@link distanceM}'s two radii about a latitude: within 130 m of it, {@link scaledDistanceM} gives
 * the same distance to 10 nm without a sine. d(N cos phi)/d phi = -M sin phi; dM/d phi = 3 M e2 sin phi cos phi / w2.
 */
export function localScale(latitude: number): LocalScale {
  const phi = latitude * RADIANS;
  const sine = Math.sin(phi);
  const cosine = Math.cos(phi);
  const w2 = 1 - ECCENTRICITY_SQUARED * sine * sine;
  const normal = EQUATORIAL_RADIUS_M / Math.sqrt(w2);
  const meridional = (normal * (1 - ECCENTRICITY_SQUARED)) / w2;
  const meridionalSlope = (3 * meridional * ECCENTRICITY_SQUARED * sine * cosine) / w2;
  return {
    east: normal * cosine * RADIANS,
    eastSlope: -meridional * sine * RADIANS ** 2,
    eastBend: -0.5 * (meridional * cosine + meridionalSlope * sine) * RADIANS ** 3,
    north: meridional * RADIANS,
    northSlope: meridionalSlope * RADIANS ** 2,
  };
}

/** Distance in metres over differences in degrees from the point of a {@link LocalScale}. */
export function scaledDistanceM(scale: LocalScale, differenceEast: number, differenceNorth: number): number {
  const toMean = 0.5 * differenceNorth;
  const east = differenceEast * (scale.east + toMean * (scale.eastSlope + toMean * scale.eastBend));
  const north = differenceNorth * (scale.north + toMean * scale.northSlope);
  return Math.sqrt(east * east + north * north);
}

/**
 * WGS84 geodesic distance in metres between two points given in degrees, longitude first.
 *
 * The local form with both radii of curvature at the mean latitude (Bomford, Geodesy, mid-latitude formula):
 * right to 1 µm up to 130 m at every latitude a fix may have. Beyond that the error grows with the cube of the
 * distance (about 2 mm at 10 km at 50°), so it is no general geodesic. Symmetric to the last bit.
 */
export function distanceM(longitudeA: number, latitudeA: number, longitudeB: number, latitudeB: number): number {
  const phi = (latitudeA + latitudeB) * (0.5 * RADIANS);
  const sine = Math.sin(phi);
  const w2 = 1 - ECCENTRICITY_SQUARED * sine * sine;
  const normal = EQUATORIAL_RADIUS_M / Math.sqrt(w2);
  const east = normal * Math.cos(phi) * (longitudeDifference(longitudeA, longitudeB) * RADIANS);
  const north = ((normal * (1 - ECCENTRICITY_SQUARED)) / w2) * ((latitudeB - latitudeA) * RADIANS);
  return Math.sqrt(east * east + north * north);
}
