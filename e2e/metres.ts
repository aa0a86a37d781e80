/** Where the made venues are, and a degree there, in metres. */
const MIDDLE = { longitude: 13.4, latitude: 52.5 };
const DEGREE_EAST_M = 67_900;
const DEGREE_NORTH_M = 111_270;

/** A place so many metres east and north of the venues' middle. */
export function placeAt(eastM: number, northM: number): { longitude: number; latitude: number } {
  return { longitude: MIDDLE.longitude + eastM / DEGREE_EAST_M, latitude: MIDDLE.latitude + northM / DEGREE_NORTH_M };
}

/** A rectangle of a plan, by its sides in metres from the venues' middle. */
export function area(
  kind: string,
  floor: number,
  name: string,
  [west, south, east, north]: readonly [west: number, south: number, east: number, north: number],
): object {
  const ring = [placeAt(west, south), placeAt(east, south), placeAt(east, north), placeAt(west, north)];
  const coordinates = [[...ring, ring[0]!].map(({ longitude, latitude }) => [longitude, latitude])];
  return { type: "Feature", properties: { kind, floor, name }, geometry: { type: "Polygon", coordinates } };
}
