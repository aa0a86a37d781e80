import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fix } from "../domain/fix.ts";
import { BatchBuilder, decodeBatch } from "./batch.ts";
import { cellName, isInTile, parseCell, tilesOf } from "./geo-index.ts";
import { decodeId, encodeId, VenueKeys } from "./keys.ts";
import { readPairs, readTimeline, writePair, writeTimelineEntry } from "./records.ts";

const id = fc.string({ unit: "binary", minLength: 1, maxLength: 128 }).filter((text) => text.isWellFormed());
const fix: fc.Arbitrary<Fix> = fc.record({
  deviceId: id,
  fixTimeMs: fc.integer({ min: 0, max: 4_294_967_460_000 }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  latitude: fc.double({ min: -85.05112878, max: 85.05112878, noNaN: true }),
  floor: fc.integer({ min: -100, max: 1_000 }),
  accuracyM: fc.double({ min: 0, max: 50, noNaN: true }),
});

describe("a batch", () => {
  test("reads back as it was built, to the last bit, in the order of its tags", () => {
    fc.assert(
      fc.property(fc.array(fix, { minLength: 1, maxLength: 60 }), (fixes) => {
        const batch = new BatchBuilder<Fix>();
        const kept = fixes.filter((each) => batch.add(each, each));
        const decoded = decodeBatch(batch.encode());
        expect(decoded).toEqual(batch.tags());
        expect(new Set(batch.tags())).toEqual(new Set(kept));
        expect(batch.count).toBe(kept.length);
      }),
    );
  });

  test("takes a device once in a minute: the first", () => {
    const batch = new BatchBuilder<string>();
    const one = { deviceId: "a", fixTimeMs: 60_000, longitude: 1, latitude: 2, floor: 0, accuracyM: 1 };
    expect(batch.add(one, "first")).toBe(true);
    expect(batch.add({ ...one, fixTimeMs: 119_999, longitude: 9 }, "second")).toBe(false);
    expect(batch.add({ ...one, fixTimeMs: 120_000 }, "third")).toBe(true);
    expect(batch.tags()).toEqual(["first", "third"]);
  });
});

test("every occupied cell lies in exactly one tile of its floor", () => {
  const place = fc.record({
    longitude: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: 8, max: 8.1, noNaN: true })),
    latitude: fc.oneof(fc.double({ min: -85, max: 85, noNaN: true }), fc.double({ min: 47, max: 47.1, noNaN: true })),
    floor: fc.integer({ min: -1, max: 1 }),
    count: fc.integer({ min: 1, max: 15_000 }),
  });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 40 }), (places) => {
      const tiles = tilesOf(places.map((at) => parseCell(cellName(at.longitude, at.latitude, at.floor), at.count)));
      for (const { longitude, latitude, floor } of places) {
        const holding = tiles.filter((tile) => tile.floor === floor && isInTile(tile, longitude, latitude));
        expect(holding).toHaveLength(1);
      }
    }),
  );
});

test("records read back as they were written", () => {
  const pair = { newer: 4_294_967_295, older: 1, gapDm: -1_000, reachDm: 2_250 };
  const pairs = new Uint8Array(24);
  writePair(new DataView(pairs.buffer), 1, pair);
  expect(readPairs(pairs)[1]).toEqual(pair);
  const entry = { other: 77, minute: 26_461_613, gapDm: 250, reachDm: 0 };
  const timeline = new Uint8Array(9);
  writeTimelineEntry(new DataView(timeline.buffer), 0, entry);
  expect(readTimeline(Math.floor(entry.minute / 240), timeline)).toEqual([entry]);
});

test("an id of any text is encoded to a key without what has a meaning there, and back", () => {
  fc.assert(
    fc.property(id, (text) => {
      const encoded = encodeId(text);
      expect(encoded).toMatch(/^[A-Za-z0-9\-_.!~'()%]+$/);
      expect(decodeId(encoded)).toBe(text);
      expect(new VenueKeys(text, "i").state).toBe(`{v:${encoded}}:i:state`);
    }),
  );
});
