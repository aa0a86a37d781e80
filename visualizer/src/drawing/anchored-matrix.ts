import type { MapAnchor } from "@encounter/core/wire/live";

const EQUATOR_M = 40_075_016.685578488;
const RADIANS = Math.PI / 180;

/** How long an anchored metre is in Mercator's unit square, at this anchor. */
export function unitsPerMetre(anchor: MapAnchor): number {
  return 1 / (EQUATOR_M * Math.cos(anchor.latitude * RADIANS));
}

/** CSS pixels of an anchored metre at a zoom, in the 512 px tiles that both engines count by. */
export function pxPerMetre(anchor: MapAnchor, zoom: number): number {
  return unitsPerMetre(anchor) * 512 * 2 ** zoom;
}

/**
 * From anchored metres to clip space: the engine's matrix after a shift to the anchor and a scale. It is multiplied
 * out in double precision, so that only the small numbers near the venue reach the graphics card.
 * @param worldToClip column-major, from Mercator's unit square
 */
export function anchoredToClip(anchor: MapAnchor, worldToClip: ArrayLike<number>): Float32Array {
  const scale = unitsPerMetre(anchor);
  const x = anchor.longitude / 360 + 0.5;
  const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + (anchor.latitude * RADIANS) / 2)) / (2 * Math.PI);
  const m = worldToClip;
  const result = new Float32Array(16);
  for (let row = 0; row < 4; row++) {
    result[row] = m[row]! * scale;
    // North is up, Mercator's y runs south.
    result[4 + row] = -m[4 + row]! * scale;
    result[8 + row] = m[8 + row]!;
    result[12 + row] = m[row]! * x + m[4 + row]! * y + m[12 + row]!;
  }
  return result;
}
