import { describe, expect, it } from "vitest";
import { unwrapped } from "./rings.ts";

describe("a ring", () => {
  it("goes on beyond the 180th meridian, either way", () => {
    expect(
      unwrapped([
        [170, 60],
        [-170, 60],
        [-170, 70],
        [170, 70],
        [170, 60],
      ]),
    ).toEqual([
      [170, 60],
      [190, 60],
      [190, 70],
      [170, 70],
      [170, 60],
    ]);
    expect(
      unwrapped([
        [-179, 0],
        [179, 0],
        [179, 1],
        [-179, 0],
      ]),
    ).toEqual([
      [-179, 0],
      [-181, 0],
      [-181, 1],
      [-179, 0],
    ]);
  });

  it("stays as it is elsewhere, and about a pole", () => {
    const island = [
      [10, 10],
      [20, 10],
      [20, 20],
      [10, 10],
    ];
    expect(unwrapped(island)).toEqual(island);
    const antarctica = [
      [-180, -80],
      [0, -70],
      [180, -80],
      [180, -90],
      [-180, -90],
      [-180, -80],
    ];
    expect(unwrapped(antarctica)).toEqual(antarctica);
  });
});
