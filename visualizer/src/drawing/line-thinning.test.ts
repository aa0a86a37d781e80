import { describe, expect, it } from "vitest";
import { LINE_CONTACT, LINE_OWN, LINE_THIN, thinLines } from "./line-thinning.ts";
import type { ScreenPoints } from "./screen-points.ts";

const SCREEN = { widthPx: 800, heightPx: 600 };
const LEAST_PX = 10;

type Ends = readonly [number, number, number, number];

/** Thins lines given by their ends on the screen; bits are the same for all. */
function thinned(ends: readonly Ends[], bits = 0): { index: number; bits: number; opacity: number }[] {
  const points: ScreenPoints = {
    count: ends.length * 2,
    xPx: Float32Array.from(ends.flatMap(([ax, , bx]) => [ax, bx])),
    yPx: Float32Array.from(ends.flatMap(([, ay, , by]) => [ay, by])),
  };
  const values = Float32Array.from(ends.flatMap((_, line) => [line * 2, line * 2 + 1, bits, 1]));
  const into = new Float32Array(values.length);
  const shown = thinLines(
    { values, count: ends.length, strengths: new Float32Array(ends.length) },
    points,
    SCREEN,
    LEAST_PX,
    into,
  );
  return Array.from({ length: shown }, (_, i) => ({
    index: into[i * 4]! / 2,
    bits: into[i * 4 + 2]!,
    opacity: into[i * 4 + 3]!,
  }));
}

function pile(count: number): Ends[] {
  return Array.from({ length: count }, (_, i) => [400 + (i % 7), 300, 430, 300 + (i % 11)] as const);
}

describe("lines that are drawn", () => {
  it("are as strong as ever where there is room", () => {
    expect(thinned([[100, 100, 140, 100]])).toEqual([{ index: 0, bits: 0, opacity: 1 }]);
  });

  it("are not those out of sight or hidden under their own dots", () => {
    const shown = thinned([
      [-50, 10, -20, 10],
      [10, 700, 60, 620],
      [300, 300, 304, 304],
      [-30, 50, 30, 50],
    ]);
    expect(shown.map(({ index }) => index)).toEqual([3]);
  });

  it("grow faint and thin the more share a place, and give way to the dots in the end", () => {
    const [some] = thinned(pile(60));
    expect(some!.opacity).toBeGreaterThan(0.1);
    expect(some!.opacity).toBeLessThan(0.6);
    expect(some!.bits & LINE_THIN).toBe(LINE_THIN);
    expect(thinned(pile(2_000))).toEqual([]);
  });

  it("are all there for who is looked at", () => {
    const own = thinned([...pile(2_000), [300, 300, 304, 304]], LINE_OWN);
    expect(own).toHaveLength(2_001);
    expect(own.every(({ opacity }) => opacity === 1)).toBe(true);
  });

  it("are contacts before those that are merely near", () => {
    const ends = pile(100);
    const points: ScreenPoints = {
      count: 200,
      xPx: Float32Array.from(ends.flatMap(([ax, , bx]) => [ax, bx])),
      yPx: Float32Array.from(ends.flatMap(([, ay, , by]) => [ay, by])),
    };
    // Every tenth is a contact.
    const values = Float32Array.from(
      ends.flatMap((_, line) => [line * 2, line * 2 + 1, line % 10 === 0 ? LINE_CONTACT : 0, 1]),
    );
    const into = new Float32Array(values.length);
    const shown = thinLines({ values, count: 100, strengths: new Float32Array(100) }, points, SCREEN, LEAST_PX, into);
    const opacityOf = (line: number) => {
      for (let i = 0; i < shown; i++) if (into[i * 4] === line * 2) return into[i * 4 + 3]!;
      return 0;
    };
    expect(opacityOf(0)).toBeGreaterThan(2 * opacityOf(1));
  });
});
