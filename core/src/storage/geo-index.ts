import { LATITUDE_LIMIT } from "../domain/fix.ts";
import { metresPerDegreeEast, metresPerDegreeNorth } from "../domain/geodesy.ts";

/** Bits of each coordinate in a Redis geo set. */
const STEP_BITS = 26;
const STEPS = 2 ** STEP_BITS;
const HALF_STEPS = 2 ** (STEP_BITS / 2);

const SPREAD = spreadTable();

/** Every number of 13 bits with a zero put before each of its bits. */
function spreadTable(): Uint32Array {
  const table = new Uint32Array(HALF_STEPS);
  for (let value = 0; value < HALF_STEPS; value++) {
    let spread = 0;
    for (let bit = 0; bit < STEP_BITS / 2; bit++) spread |= ((value >>> bit) & 1) << (2 * bit);
    table[value] = spread >>> 0;
  }
  return table;
}

/**
 * The score under which a geo set keeps a point: what GEOADD computes (redis, `geohashEncode`: 26 bits of each
 * coordinate, latitude in the even bits), so that a script can add points with ZADD, without formatting and parsing
 * their coordinates. Longitude 180 is indexed as -180 and the latitude limit one cell inside, where GEOSEARCH finds it.
 */
export function geoScore(longitude: number, latitude: number): number {
  const east = longitude >= 180 ? 0 : Math.floor(((longitude + 180) / 360) * STEPS);
  const north = Math.floor(((latitude + LATITUDE_LIMIT) / (2 * LATITUDE_LIMIT)) * STEPS);
  return interleave(Math.max(0, Math.min(STEPS - 1, north)), Math.min(STEPS - 1, east));
}

function interleave(even: number, odd: number): number {
  const low = spreadOf(even % HALF_STEPS) + 2 * spreadOf(odd % HALF_STEPS);
  const high = spreadOf(Math.floor(even / HALF_STEPS)) + 2 * spreadOf(Math.floor(odd / HALF_STEPS));
  return high * STEPS + low;
}

function spreadOf(half: number): number {
  return SPREAD[half] as number;
}

/** Edge of an index cell in degrees: about 280 m north, so that a small venue is one or a few. */
const CELL_DEGREES = 0.0025;
const CELL_COLUMNS = Math.round(360 / CELL_DEGREES);

/** Column of the index cell of a longitude. */
export function cellColumn(longitude: number): number {
  return Math.floor((longitude + 180) / CELL_DEGREES) % CELL_COLUMNS;
}

/** Row of the index cell of a latitude. */
export function cellRow(latitude: number): number {
  return Math.floor((latitude + 90) / CELL_DEGREES);
}

/** Name of the index cell of a position, which tells its floor too. */
export function cellName(longitude: number, latitude: number, floor: number): string {
  return `${floor}/${cellColumn(longitude)}/${cellRow(latitude)}`;
}

/** An occupied cell and how many fixes it holds. */
export interface Cell {
  readonly floor: number;
  readonly column: number;
  readonly row: number;
  readonly count: number;
}

/** Reads a cell's name. */
export function parseCell(name: string, count: number): Cell {
  const [floor, column, row] = name.split("/").map(Number) as [number, number, number];
  return { floor, column, row, count };
}

/** A rectangle of cells on one floor, columns and rows inclusive. */
export interface Tile {
  readonly floor: number;
  readonly columnMin: number;
  readonly columnMax: number;
  readonly rowMin: number;
  readonly rowMax: number;
}

/** Most fixes of a tile, unless a single cell holds more, and its widest extent in cells (about 18 km). */
const TILE_FIXES_MAX = 20_000;
const TILE_CELLS_MAX = 64;

/** Covers the occupied cells with tiles: one where a venue is small, many where it is crowded or wide. */
export function tilesOf(cells: readonly Cell[]): Tile[] {
  const byFloor = new Map<number, Cell[]>();
  for (const cell of cells) {
    const sameFloor = byFloor.get(cell.floor);
    if (sameFloor === undefined) byFloor.set(cell.floor, [cell]);
    else sameFloor.push(cell);
  }
  return [...byFloor.values()].flatMap(divide);
}

function divide(cells: Cell[]): Tile[] {
  const tile = boundsOf(cells);
  const columns = tile.columnMax - tile.columnMin + 1;
  const rows = tile.rowMax - tile.rowMin + 1;
  const fixes = cells.reduce((sum, cell) => sum + cell.count, 0);
  const isSmall = fixes <= TILE_FIXES_MAX && Math.max(columns, rows) <= TILE_CELLS_MAX;
  if (isSmall || (columns === 1 && rows === 1)) return [tile];
  const along = columns >= rows ? (cell: Cell) => cell.column : (cell: Cell) => cell.row;
  const middle = columns >= rows ? tile.columnMin + columns / 2 : tile.rowMin + rows / 2;
  return [
    ...divide(cells.filter((cell) => along(cell) < middle)),
    ...divide(cells.filter((cell) => along(cell) >= middle)),
  ];
}

function boundsOf(cells: readonly Cell[]): Tile {
  const first = cells[0] as Cell;
  const bounds = {
    floor: first.floor,
    columnMin: first.column,
    columnMax: first.column,
    rowMin: first.row,
    rowMax: first.row,
  };
  for (const { column, row } of cells) {
    bounds.columnMin = Math.min(bounds.columnMin, column);
    bounds.columnMax = Math.max(bounds.columnMax, column);
    bounds.rowMin = Math.min(bounds.rowMin, row);
    bounds.rowMax = Math.max(bounds.rowMax, row);
  }
  return bounds;
}

/** Whether a position lies in a tile. Every position lies in exactly one tile of its minute. */
export function isInTile(tile: Tile, longitude: number, latitude: number): boolean {
  const column = cellColumn(longitude);
  const row = cellRow(latitude);
  return column >= tile.columnMin && column <= tile.columnMax && row >= tile.rowMin && row <= tile.rowMax;
}

/** The arguments of a `GEOSEARCH ... FROMLONLAT longitude latitude BYBOX width height m`. */
export interface SearchBox {
  readonly longitude: number;
  readonly latitude: number;
  readonly widthM: number;
  readonly heightM: number;
}

/** What a geo set moves a point by at most, metres, and how far its sphere is from the ellipsoid, as a share. */
const STORED_ROUNDING_M = 0.7;
const SPHERE_SHARE = 0.006;

/**
 * The box that surely holds a tile and everything within `haloM` of it, as a geo set sees it: half a point's rounding
 * and the sphere's error are added, and the width is taken where the tile's meridians are farthest apart.
 */
export function searchBox(tile: Tile, haloM: number): SearchBox {
  const west = tile.columnMin * CELL_DEGREES - 180;
  const south = Math.max(-LATITUDE_LIMIT, tile.rowMin * CELL_DEGREES - 90);
  const east = (tile.columnMax + 1) * CELL_DEGREES - 180;
  const north = Math.min(LATITUDE_LIMIT, (tile.rowMax + 1) * CELL_DEGREES - 90);
  const widestLatitude = south <= 0 && north >= 0 ? 0 : Math.min(Math.abs(south), Math.abs(north));
  const padM = 2 * (haloM + STORED_ROUNDING_M);
  return {
    longitude: (west + east) / 2,
    latitude: (south + north) / 2,
    widthM: ((east - west) * metresPerDegreeEast(widestLatitude) + padM) * (1 + SPHERE_SHARE),
    heightM: ((north - south) * metresPerDegreeNorth(85) + padM) * (1 + SPHERE_SHARE),
  };
}
