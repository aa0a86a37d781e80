import { fromAnchored } from "@encounter/core/wire/live";
import { describe, expect, it } from "vitest";
import { anchoredToClip, pxPerMetre, unitsPerMetre } from "./anchored-matrix.ts";
import { crowdingOf, extentOf, isFarAway } from "./crowding.ts";

/** Mercator's unit square, as both engines have it. */
function unitSquare(longitude: number, latitude: number): [number, number] {
  const y = Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  return [longitude / 360 + 0.5, 0.5 - y / (2 * Math.PI)];
}

/** A matrix such as an engine gives at zoom 20 over a place: it scales by the world and moves it far. */
function engineMatrix(x: number, y: number): Float64Array {
  const scale = (512 * 2 ** 20) / 800;
  return Float64Array.of(scale, 0, 0, 0, 0, -scale, 0, 0, 0, 0, 1, 0, -x * scale, y * scale, 0, 1);
}

describe("from anchored metres to the screen", () => {
  it.each([
    { longitude: 13.37, latitude: 52.52 },
    { longitude: -179.99, latitude: -84.9 },
    { longitude: 0, latitude: 0 },
  ])("meets the engine's own projection at $longitude, $latitude", (anchor) => {
    const matrix = engineMatrix(...unitSquare(anchor.longitude, anchor.latitude));
    const toClip = anchoredToClip(anchor, matrix);
    for (const [eastM, northM] of [
      [0, 0],
      [30, 20],
      [-55.5, 12.25],
    ] as const) {
      const { longitude, latitude } = fromAnchored(anchor, eastM, northM);
      const [x, y] = unitSquare(longitude, latitude);
      // A thousandth of the screen's half is less than half a pixel of 800.
      expect(toClip[0]! * eastM + toClip[4]! * northM + toClip[12]!).toBeCloseTo(matrix[0]! * x + matrix[12]!, 3);
      expect(toClip[1]! * eastM + toClip[5]! * northM + toClip[13]!).toBeCloseTo(matrix[5]! * y + matrix[13]!, 3);
    }
  });

  it("knows how long a metre is", () => {
    const anchor = { longitude: 0, latitude: 60 };
    expect(1 / unitsPerMetre(anchor)).toBeCloseTo(20_037_508.34, 1);
    expect(pxPerMetre(anchor, 20) / pxPerMetre(anchor, 19)).toBeCloseTo(2);
  });
});

describe("crowding", () => {
  function texels(places: [number, number][]): Float32Array {
    return Float32Array.from(places.flatMap(([eastM, northM]) => [0, 0, eastM, northM, 0, 0, 0, 0]));
  }

  it("measures where most are, not the one far away", () => {
    const places = Array.from({ length: 100 }, (_, i): [number, number] => [i % 10, Math.floor(i / 10)]);
    places.push([5_000, 5_000]);
    const { eastM, northM } = extentOf(texels(places), places.length);
    expect(eastM).toBeLessThan(12);
    expect(northM).toBeLessThan(12);
    expect(extentOf(new Float32Array(0), 0)).toMatchObject({ eastM: 0, northM: 0 });
  });

  it("grows with the devices and falls with the zoom", () => {
    const extent = { eastM: 60, northM: 40, used: 1 };
    expect(crowdingOf(100, extent, 15)).toBe(0);
    expect(crowdingOf(10_000, extent, 15)).toBe(1);
    expect(crowdingOf(2_000, extent, 12)).toBeGreaterThan(crowdingOf(2_000, extent, 20));
  });

  it("hides a venue that is a speck, and not one that spans the land", () => {
    expect(isFarAway({ eastM: 60, northM: 40 }, 0.1, 10)).toBe(true);
    expect(isFarAway({ eastM: 60, northM: 40 }, 10, 18)).toBe(false);
    expect(isFarAway({ eastM: 60_000, northM: 40_000 }, 0.01, 8)).toBe(false);
  });
});
