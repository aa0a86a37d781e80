import { longitudeDifference, metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";

/** 1e-8 of a degree is about a millimetre: what a device reports, and no more digits than it knows. */
const DEGREE_STEPS = 1e8;

/** A latitude as reported: rounded to 1e-8 degrees. */
export function reportedLatitude(latitude: number): number {
  return Math.round(latitude * DEGREE_STEPS) / DEGREE_STEPS;
}

/** A longitude as reported: rounded to 1e-8 degrees, and within ±180 beyond the antimeridian. */
export function reportedLongitude(longitude: number): number {
  const rounded = Math.round(longitude * DEGREE_STEPS) / DEGREE_STEPS;
  if (rounded > 180) return rounded - 360;
  return rounded < -180 ? rounded + 360 : rounded;
}

/**
 * Metres east and north of an anchor, and back. Flat: meant for one building or campus, where it is off by less than
 * a centimetre; true distances are always asked of the domain's geodesy, never of this frame.
 */
export class LocalFrame {
  readonly longitude: number;
  readonly latitude: number;
  private readonly eastM: number;
  private readonly northM: number;

  constructor(longitude: number, latitude: number) {
    this.longitude = longitude;
    this.latitude = latitude;
    this.eastM = metresPerDegreeEast(latitude);
    this.northM = metresPerDegreeNorth(latitude);
  }

  /** Longitude of a point `xM` metres east of the anchor, as reported. */
  longitudeAt(xM: number): number {
    return reportedLongitude(this.longitude + xM / this.eastM);
  }

  /** Latitude of a point `yM` metres north of the anchor, as reported. */
  latitudeAt(yM: number): number {
    return reportedLatitude(this.latitude + yM / this.northM);
  }

  /** Metres east of the anchor. */
  xAt(longitude: number): number {
    return longitudeDifference(this.longitude, longitude) * this.eastM;
  }

  /** Metres north of the anchor. */
  yAt(latitude: number): number {
    return (latitude - this.latitude) * this.northM;
  }
}
