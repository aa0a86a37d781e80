/** The lowest and highest latitude a Redis geo set can hold, degrees. */
export const LATITUDE_LIMIT = 85.05112878;

/** Where a device was at one time, and how far the truth may be from it. */
export interface Position {
  /** Degrees east, -180..180; both ends are the same meridian. */
  readonly longitude: number;
  /** Degrees north, within {@link LATITUDE_LIMIT}. */
  readonly latitude: number;
  /** Storey, -100..1000. */
  readonly floor: number;
  /** Accuracy radius in metres, >= 0. */
  readonly accuracyM: number;
}

/** One position of one device at one time. */
export interface Fix extends Position {
  readonly deviceId: string;
  /** When the device was there, integer ms since the Unix epoch. */
  readonly fixTimeMs: number;
}

/**
 * Many fixes as columns, index by index: what the join works on.
 * All columns are at least `count` long.
 */
export interface FixColumns {
  readonly count: number;
  readonly longitude: Float64Array;
  readonly latitude: Float64Array;
  readonly accuracyM: Float64Array;
  readonly floor: Int16Array;
}

/** Lays positions out as columns, in their order. */
export function toColumns(positions: readonly Position[]): FixColumns {
  const count = positions.length;
  const columns = {
    count,
    longitude: new Float64Array(count),
    latitude: new Float64Array(count),
    accuracyM: new Float64Array(count),
    floor: new Int16Array(count),
  };
  positions.forEach((position, index) => {
    columns.longitude[index] = position.longitude;
    columns.latitude[index] = position.latitude;
    columns.accuracyM[index] = position.accuracyM;
    columns.floor[index] = position.floor;
  });
  return columns;
}
