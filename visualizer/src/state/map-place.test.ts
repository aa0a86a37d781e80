import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPlace, parsePlace } from "./map-place.ts";

const NOWHERE = { venue: null, floor: null, device: null, camera: null };

describe("a link to the map", () => {
  it("says nothing where there is nothing to say", () => {
    expect(formatPlace(NOWHERE)).toBe("");
    expect(parsePlace("")).toEqual(NOWHERE);
  });

  it("is readable", () => {
    const camera = { longitude: 13.3701234, latitude: 52.52, zoom: 19.256, bearing: 0 };
    const place = { venue: "north gate", floor: -1, device: "Tag 9&=#", camera };
    expect(formatPlace(place)).toBe("venue=north+gate&floor=-1&device=Tag+9%26%3D%23&at=13.370123,52.520000,19.26");
  });

  it("comes back as it was", () => {
    const text = fc.option(fc.string({ unit: "grapheme", minLength: 1 }), { nil: null });
    const camera = fc.record({
      longitude: fc.integer({ min: -180e6, max: 180e6 }).map((n) => n / 1e6),
      latitude: fc.integer({ min: -85e6, max: 85e6 }).map((n) => n / 1e6),
      zoom: fc.integer({ min: 0, max: 2_300 }).map((n) => n / 100),
      bearing: fc.constantFrom(0, 12.5, -90),
    });
    const place = fc.record({
      venue: text,
      device: text,
      floor: fc.option(fc.integer({ min: -100, max: 1_000 }), { nil: null }),
      camera: fc.option(camera, { nil: null }),
    });
    fc.assert(
      fc.property(place, (there) => {
        expect(parsePlace(`#${formatPlace(there)}`)).toEqual(there);
      }),
    );
  });

  it.each([
    "at=1,2",
    "at=a,b,c",
    "at=1,2,99",
    "at=1,99,5",
    "at=1,2,3,4,5",
    "floor=x",
    "floor=1.5",
    "floor=99999",
    "venue=",
  ])("leaves out what makes no sense: %s", (hash) => expect(parsePlace(hash)).toEqual(NOWHERE));
});
