import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPlace, LAYERS, type MapPlace, NOWHERE, PANELS, parsePlace } from "./map-place.ts";

describe("a link to the map", () => {
  it("says nothing where there is nothing to say", () => {
    expect(formatPlace(NOWHERE)).toBe("");
    expect(parsePlace("")).toEqual(NOWHERE);
  });

  it("is readable", () => {
    const camera = { longitude: 13.3701234, latitude: 52.52, zoom: 19.256, bearing: 0 };
    const place: MapPlace = {
      ...NOWHERE,
      venue: "north gate",
      floor: -1,
      device: "Tag 9&=#",
      proximityDm: 25,
      layers: ["rings", "heat"],
      camera,
    };
    expect(formatPlace(place)).toBe(
      "venue=north+gate&floor=-1&device=Tag+9%26%3D%23&proximity=2.5&layers=rings,heat&at=13.370123,52.520000,19.26",
    );
  });

  it("comes back as it was", () => {
    const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null });
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    const whole = (min: number, max: number) => maybe(fc.integer({ min, max }));
    const camera = fc.record({
      longitude: fc.integer({ min: -180e6, max: 180e6 }).map((n) => n / 1e6),
      latitude: fc.integer({ min: -85e6, max: 85e6 }).map((n) => n / 1e6),
      zoom: fc.integer({ min: 0, max: 2_300 }).map((n) => n / 100),
      bearing: fc.constantFrom(0, 12.5, -90),
    });
    const place: fc.Arbitrary<MapPlace> = fc.record({
      venue: maybe(text),
      device: maybe(text),
      other: maybe(text),
      panel: maybe(fc.constantFrom(...PANELS)),
      floor: whole(-100, 1_000),
      camera: maybe(camera),
      follow: fc.boolean(),
      minute: whole(0, 1e8),
      from: whole(0, 8e15),
      to: whole(0, 8e15),
      last: whole(1, 20_160),
      query: fc.string({ unit: "grapheme" }),
      filter: fc.constantFrom("all", "contact", "stale"),
      proximityDm: whole(0, 250),
      minMinutes: whole(1, 1_440),
      certain: fc.boolean(),
      staleS: whole(1, 86_400),
      leaveS: whole(1, 86_400),
      layers: maybe(fc.subarray([...LAYERS])),
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
    "minute=-1",
    "minute=soon",
    "proximity=-1",
    "proximity=2.55",
    "min_minutes=0",
    "panel=kitchen",
    "show=none",
    "follow=1",
    "stale=0",
    "last=0",
  ])("leaves out what makes no sense: %s", (hash) => expect(parsePlace(hash)).toEqual(NOWHERE));
});
