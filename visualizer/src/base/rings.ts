import type { Position } from "geojson";

/**
 * A ring without a jump from one end of the map to the other: one across the 180th meridian, such as Russia's, goes on
 * beyond it, and the map shows that part where it belongs. One about a pole cannot, and stays as it is.
 */
export function unwrapped(ring: readonly Position[]): Position[] {
  let turns = 0;
  const unrolled = ring.map(([longitude, latitude], index) => {
    const step = index === 0 ? 0 : longitude! - ring[index - 1]![0]!;
    if (step > 180) turns--;
    else if (step < -180) turns++;
    return [longitude! + turns * 360, latitude!];
  });
  return turns === 0 ? unrolled : [...ring];
}
