import fc from "fast-check";
import { Geodesic } from "geographiclib-geodesic";
import { describe, expect, test } from "vitest";
import { distanceM, localScale, longitudeDifference, scaledDistanceM } from "./geodesy.ts";

const latitude = fc.double({ min: -85.05, max: 85.05, noNaN: true });
const longitude = fc.double({ min: -180, max: 180, noNaN: true });
const azimuth = fc.double({ min: 0, max: 360, noNaN: true });
const upTo130M = fc.double({ min: 0, max: 130, noNaN: true });

/** The reference: Karney's geodesics (GeographicLib), right to nanometres. */
function geodesicM(lonA: number, latA: number, lonB: number, latB: number): number {
  return Geodesic.WGS84.Inverse(latA, lonA, latB, lonB).s12 as number;
}

function pointAt(lon: number, lat: number, azimuthDegrees: number, lengthM: number): [lon: number, lat: number] {
  const { lon2, lat2 } = Geodesic.WGS84.Direct(lat, lon, azimuthDegrees, lengthM);
  return [lon2 as number, lat2 as number];
}

describe("distanceM", () => {
  test("is right to 1 µm up to 130 m, at every latitude and across every meridian", () => {
    fc.assert(
      fc.property(longitude, latitude, azimuth, upTo130M, (lon, lat, direction, lengthM) => {
        const [lonB, latB] = pointAt(lon, lat, direction, lengthM);
        expect(Math.abs(distanceM(lon, lat, lonB, latB) - geodesicM(lon, lat, lonB, latB))).toBeLessThan(1e-6);
      }),
      { numRuns: 3_000 },
    );
  });

  test("is right where a geo set struggles: the antimeridian, both ends of it, the latitude limit", () => {
    expect(distanceM(180, 20, -180, 20)).toBe(0);
    expect(distanceM(179.99999, 0, -179.99999, 0)).toBeCloseTo(2.2264, 4);
    expect(distanceM(0, 85.0511, 0.0001, 85.0511)).toBeCloseTo(geodesicM(0, 85.0511, 0.0001, 85.0511), 6);
  });

  test("does not depend on which of the two comes first, to the last bit", () => {
    fc.assert(
      fc.property(longitude, latitude, azimuth, upTo130M, (lon, lat, direction, lengthM) => {
        const [lonB, latB] = pointAt(lon, lat, direction, lengthM);
        expect(distanceM(lon, lat, lonB, latB)).toBe(distanceM(lonB, latB, lon, lat));
      }),
    );
  });
});

test("scaledDistanceM agrees with distanceM to 10 nm", () => {
  fc.assert(
    fc.property(longitude, latitude, azimuth, upTo130M, (lon, lat, direction, lengthM) => {
      const [lonB, latB] = pointAt(lon, lat, direction, lengthM);
      const scaled = scaledDistanceM(localScale(lat), longitudeDifference(lon, lonB), latB - lat);
      expect(Math.abs(scaled - distanceM(lon, lat, lonB, latB))).toBeLessThan(1e-8);
    }),
    { numRuns: 3_000 },
  );
});
