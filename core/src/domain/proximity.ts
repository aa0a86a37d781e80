import type { FixColumns } from "./fix.ts";
import {
  distanceM,
  localScale,
  longitudeDifference,
  metresPerDegreeEast,
  metresPerDegreeNorth,
  scaledDistanceM,
} from "./geodesy.ts";

const MICROMETRES_PER_M = 1e6;
const MICROMETRES_PER_DM = 1e5;

/** How near and how far apart two circles can be, metres rounded to 1 µm. `gapM` is signed: negative where they overlap. */
export interface Nearness {
  readonly distanceM: number;
  readonly gapM: number;
  readonly reachM: number;
}

function gapUm(distance: number, radii: number): number {
  return Math.round((distance - radii) * MICROMETRES_PER_M);
}

function reachUm(distance: number, radii: number): number {
  return Math.round((distance + radii) * MICROMETRES_PER_M);
}

/**
 * The nearness of two positions: gap and reach are rounded to 1 µm before anything compares them, since sums of two
 * radii such as 1.1 + 2.2 miss their own threshold in doubles.
 */
export function nearness(
  a: { longitude: number; latitude: number; accuracyM: number },
  b: { longitude: number; latitude: number; accuracyM: number },
): Nearness {
  const distance = distanceM(a.longitude, a.latitude, b.longitude, b.latitude);
  const radii = a.accuracyM + b.accuracyM;
  return {
    distanceM: distance,
    gapM: gapUm(distance, radii) / MICROMETRES_PER_M,
    reachM: reachUm(distance, radii) / MICROMETRES_PER_M,
  };
}

/**
 * The pairs of a join as columns. `newer` and `older` are indices into the joined columns, `older < newer`;
 * gap (signed) and reach are decimetres rounded up, which keeps `gap <= P` exact for every P in whole decimetres.
 */
export interface PairColumns {
  readonly count: number;
  readonly newer: Int32Array;
  readonly older: Int32Array;
  readonly gapDm: Int16Array;
  readonly reachDm: Int16Array;
}

class PairCollector {
  count = 0;
  newer: Int32Array;
  older: Int32Array;
  gapDm: Int16Array;
  reachDm: Int16Array;

  constructor(capacity: number) {
    this.newer = new Int32Array(capacity);
    this.older = new Int32Array(capacity);
    this.gapDm = new Int16Array(capacity);
    this.reachDm = new Int16Array(capacity);
  }

  add(newer: number, older: number, gapDm: number, reachDm: number): void {
    if (this.count === this.newer.length) this.grow();
    const at = this.count++;
    this.newer[at] = newer;
    this.older[at] = older;
    this.gapDm[at] = gapDm;
    this.reachDm[at] = reachDm;
  }

  private grow(): void {
    const grown = new PairCollector(this.newer.length * 2);
    grown.newer.set(this.newer);
    grown.older.set(this.older);
    grown.gapDm.set(this.gapDm);
    grown.reachDm.set(this.reachDm);
    this.newer = grown.newer;
    this.older = grown.older;
    this.gapDm = grown.gapDm;
    this.reachDm = grown.reachDm;
  }
}

/** The cell of every fix, numbered from 0, and which cells touch which. */
interface Grid {
  readonly cellOf: Int32Array;
  readonly cellCount: number;
  /** Nine per cell: itself and its neighbours, -1 where there is none. */
  readonly neighbours: Int32Array;
  readonly cellStart: Int32Array;
}

/** Narrowest cell, metres: keeps the number of cells on the globe within what a double counts. */
const CELL_EDGE_MIN_M = 1;

/**
 * Cells at least `edgeM` wide everywhere: two fixes of a floor within `edgeM` of each other lie in the same or in
 * touching cells. Columns are counted round the globe, so the antimeridian is a neighbour like any other.
 */
function layGrid(columns: FixColumns, edgeM: number): Grid {
  const { count, longitude, latitude, floor } = columns;
  let highest = 0;
  for (let i = 0; i < count; i++) highest = Math.max(highest, Math.abs(latitude[i] as number));
  const rowDegrees = edgeM / metresPerDegreeNorth(0);
  const columnCount = Math.max(3, Math.floor((360 * metresPerDegreeEast(highest)) / edgeM));

  const floors = new Map<number, Map<number, number>>();
  const places: { onFloor: Map<number, number>; row: number; column: number }[] = [];
  const cellOf = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const row = Math.floor(((latitude[i] as number) + 90) / rowDegrees) + 1;
    const column = Math.floor((((longitude[i] as number) + 180) / 360) * columnCount) % columnCount;
    let onFloor = floors.get(floor[i] as number);
    if (onFloor === undefined) {
      onFloor = new Map();
      floors.set(floor[i] as number, onFloor);
    }
    let cell = onFloor.get(row * columnCount + column);
    if (cell === undefined) {
      cell = places.length;
      onFloor.set(row * columnCount + column, cell);
      places.push({ onFloor, row, column });
    }
    cellOf[i] = cell;
  }

  const neighbours = new Int32Array(places.length * 9);
  places.forEach(({ onFloor, row, column }, cell) => {
    let slot = cell * 9;
    for (let besideRow = row - 1; besideRow <= row + 1; besideRow++) {
      for (let turn = columnCount - 1; turn <= columnCount + 1; turn++) {
        neighbours[slot++] = onFloor.get(besideRow * columnCount + ((column + turn) % columnCount)) ?? -1;
      }
    }
  });
  const cellStart = startsOf(cellOf, places.length);
  return { cellOf, cellCount: places.length, neighbours, cellStart };
}

/** Where each cell's members start when they lie cell by cell. */
function startsOf(cellOf: Int32Array, cellCount: number): Int32Array {
  const starts = new Int32Array(cellCount + 1);
  for (const cell of cellOf) starts[cell + 1] = (starts[cell + 1] as number) + 1;
  for (let cell = 0; cell < cellCount; cell++) {
    starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number);
  }
  return starts;
}

function largest(values: Float64Array, count: number): number {
  let result = 0;
  for (let i = 0; i < count; i++) result = Math.max(result, values[i] as number);
  return result;
}

/** What the series about a fix's latitude may be off by, metres, with a wide margin (it is right to 10 nm). */
const SERIES_SLACK_M = 2e-6;

/** The same in whole micrometres, and one for their own rounding. */
const NEAR_STEP_UM = Math.ceil(SERIES_SLACK_M * MICROMETRES_PER_M) + 1;

/** Whether a length lies so near a decimetre step that only the exact formula may decide on which side. */
function isNearStep(lengthUm: number): boolean {
  const rest = Math.abs(lengthUm % MICROMETRES_PER_DM);
  return rest <= NEAR_STEP_UM || rest >= MICROMETRES_PER_DM - NEAR_STEP_UM;
}

/**
 * All pairs on the same floor whose gap is at most `proximityM`, decided exactly on the ellipsoid.
 *
 * Fixes are taken in the order of their indices and each meets those before it, so the pairs come grouped by their
 * newer member, in its order, and each pair once. With `asks`, only the fixes it marks with 1 look for those before
 * them: what later fixes add to what is known already, or the share of one tile.
 *
 * @param proximityM widest gap that counts, metres; pairs up to that plus both radii must be within 130 m
 */
export function joinWithin(columns: FixColumns, proximityM: number, asks: Uint8Array | null = null): PairColumns {
  const { count, longitude, latitude, accuracyM } = columns;
  const pairs = new PairCollector(Math.max(64, count * 4));
  if (count === 0) return pairs;
  const edgeM = Math.max(CELL_EDGE_MIN_M, proximityM + 2 * largest(accuracyM, count) + SERIES_SLACK_M);
  const { cellOf, cellCount, neighbours, cellStart } = layGrid(columns, edgeM);
  const filled = new Int32Array(cellCount);
  // Members lie cell by cell, in the order of arrival, with their coordinates beside them.
  const member = new Int32Array(count);
  const memberLongitude = new Float64Array(count);
  const memberLatitude = new Float64Array(count);
  const memberAccuracyM = new Float64Array(count);
  const limitUm = Math.round(proximityM * MICROMETRES_PER_M);

  for (let newer = 0; newer < count; newer++) {
    const cell = cellOf[newer] as number;
    const lon = longitude[newer] as number;
    const lat = latitude[newer] as number;
    const radius = accuracyM[newer] as number;
    if (asks === null || asks[newer] === 1) {
      const scale = localScale(lat);
      for (let slot = cell * 9; slot < cell * 9 + 9; slot++) {
        const beside = neighbours[slot] as number;
        if (beside < 0) continue;
        const start = cellStart[beside] as number;
        const end = start + (filled[beside] as number);
        for (let at = start; at < end; at++) {
          const radii = radius + (memberAccuracyM[at] as number);
          const east = longitudeDifference(lon, memberLongitude[at] as number);
          let distance = scaledDistanceM(scale, east, (memberLatitude[at] as number) - lat);
          if (distance > proximityM + radii + SERIES_SLACK_M) continue;
          let gap = gapUm(distance, radii);
          let reach = reachUm(distance, radii);
          if (isNearStep(gap) || isNearStep(reach)) {
            distance = distanceM(lon, lat, memberLongitude[at] as number, memberLatitude[at] as number);
            gap = gapUm(distance, radii);
            reach = reachUm(distance, radii);
          }
          if (gap > limitUm) continue;
          pairs.add(newer, member[at] as number, upToDm(gap), upToDm(reach));
        }
      }
    }
    const at = (cellStart[cell] as number) + (filled[cell] as number);
    filled[cell] = (filled[cell] as number) + 1;
    member[at] = newer;
    memberLongitude[at] = lon;
    memberLatitude[at] = lat;
    memberAccuracyM[at] = radius;
  }
  return pairs;
}

function upToDm(micrometres: number): number {
  return Math.ceil(micrometres / MICROMETRES_PER_DM);
}
