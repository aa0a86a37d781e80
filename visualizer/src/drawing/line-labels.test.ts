import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minutesLabel } from "./line-label-layer.ts";
import { type LabelWish, placeLabels } from "./line-labels.ts";
import type { ScreenPoints } from "./screen-points.ts";

function pointsOf(...places: [number, number][]): ScreenPoints {
  return {
    count: places.length,
    xPx: Float32Array.from(places, ([x]) => x),
    yPx: Float32Array.from(places, ([, y]) => y),
  };
}

function wish(line: number, slotA: number, slotB: number): LabelWish {
  return { line, slotA, slotB, widthPx: 40, heightPx: 16 };
}

describe("labels of lines", () => {
  it("stand on a long line, beside a short one", () => {
    const points = pointsOf([100, 100], [300, 100], [100, 300], [140, 300]);
    const [long, short] = placeLabels([wish(0, 0, 1), wish(1, 2, 3)], points, 500, 500);
    expect(long).toEqual({ line: 0, offsetXPx: 0, offsetYPx: 0 });
    expect(Math.abs(short!.offsetYPx)).toBeGreaterThan(10);
  });

  it("are left out where there is no room, the first in the list last", () => {
    const points = pointsOf([100, 100], [160, 100]);
    const placed = placeLabels([wish(7, 0, 1), wish(8, 0, 1), wish(9, 0, 1)], points, 500, 500);
    expect(placed.map(({ line }) => line)).toEqual([7, 8]);
  });

  it("keep clear of what else is written, and of the edge", () => {
    const points = pointsOf([100, 100], [300, 100]);
    const above = { xPx: 200, yPx: 115, widthPx: 300, heightPx: 40 };
    const [label] = placeLabels([wish(0, 0, 1)], points, 500, 500, [above]);
    expect(label!.offsetYPx).toBeLessThan(0);
    expect(placeLabels([wish(0, 0, 1)], pointsOf([5, 2], [30, 2]), 500, 500)).toEqual([]);
  });

  it("never cover a dot or each other", () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 300 }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 40 }), (places) => {
        const points = pointsOf(...places);
        const wishes = places.slice(1).map((_, slot) => wish(slot, slot, slot + 1));
        const boxes = placeLabels(wishes, points, 400, 300).map(({ line, offsetXPx, offsetYPx }) => ({
          x: (points.xPx[line]! + points.xPx[line + 1]!) / 2 + offsetXPx,
          y: (points.yPx[line]! + points.yPx[line + 1]!) / 2 + offsetYPx,
        }));
        for (const [i, box] of boxes.entries()) {
          for (const [x, y] of places) expect(Math.abs(x - box.x) < 20 && Math.abs(y - box.y) < 8).toBe(false);
          for (const other of boxes.slice(0, i)) {
            expect(Math.abs(other.x - box.x) < 39.99 && Math.abs(other.y - box.y) < 15.99).toBe(false);
          }
        }
      }),
    );
  });

  it("say minutes, then hours", () => {
    expect([1, 59, 60, 65, 599, 600, 1_440].map(minutesLabel)).toEqual([
      "1 min",
      "59 min",
      "1 h 00",
      "1 h 05",
      "9 h 59",
      "10 h",
      "24 h",
    ]);
  });
});
