import { metresPerDegreeEast, metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import { reportedLatitude, reportedLongitude } from "../world/local-frame.ts";
import type { Random } from "../world/random.ts";
import type { TruePosition } from "../world/world.ts";
import type { AccuracyDraw } from "./accuracy.ts";

/** What a receiver measures: where it believes to be, and how far off it believes that can be. */
export interface Measurement extends TruePosition {
  readonly accuracyM: number;
}

/**
 * A receiver with an error that fits the accuracy radius it claims: in the share `inside` of its measurements the
 * truth lies inside the circle. The error is normal in both directions (so its length is of Rayleigh's distribution);
 * with a share of 1 it is even over the circle, and the truth is never outside.
 */
export class Receiver {
  private readonly random: Random;
  private readonly drawAccuracy: AccuracyDraw;
  /** Standard deviation in each direction, as a share of the radius. */
  private readonly deviation: number;

  constructor(random: Random, drawAccuracy: AccuracyDraw, inside: number) {
    this.random = random;
    this.drawAccuracy = drawAccuracy;
    this.deviation = 1 / Math.sqrt(-2 * Math.log(1 - inside));
  }

  /** One measurement of a true position; each draws new numbers. */
  measure(truth: TruePosition): Measurement {
    const accuracyM = this.drawAccuracy(this.random);
    const errorM = accuracyM * this.errorInRadii();
    const bearing = 2 * Math.PI * this.random.next();
    const east = (errorM * Math.cos(bearing)) / metresPerDegreeEast(truth.latitude);
    const north = (errorM * Math.sin(bearing)) / metresPerDegreeNorth(truth.latitude);
    return {
      longitude: reportedLongitude(truth.longitude + east),
      latitude: reportedLatitude(truth.latitude + north),
      floor: truth.floor,
      accuracyM,
    };
  }

  private errorInRadii(): number {
    const draw = this.random.next();
    if (this.deviation === 0) return Math.sqrt(draw);
    return this.deviation * Math.sqrt(-2 * Math.log(1 - draw));
  }
}
