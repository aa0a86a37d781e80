import { readMinuteFixes } from "@encounter/core/service/minute-store";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { parseCell, searchBox, type Tile, tilesOf } from "@encounter/core/storage/geo-index";
import { readFixRecord, type StoredFix } from "@encounter/core/storage/records";

/** Fixes asked for in one command: keeps Redis free for others in between. */
const NAMES_PER_COMMAND_MAX = 5_000;

/** A tile and every fix that can be near one in it, in the order of their acceptance. */
export interface TileCandidates {
  readonly tile: Tile;
  readonly fixes: readonly StoredFix[];
}

/** The occupied tiles of a minute, as its index knows them. Empty where the index has expired. */
export async function readTiles(redis: RedisClient, record: VenueRecord, minute: number): Promise<Tile[]> {
  const flat = await redis.zrange(record.keys.cells(minute), "0", "-1", "WITHSCORES");
  const cells = [];
  for (let at = 0; at + 1 < flat.length; at += 2) cells.push(parseCell(flat[at] as string, Number(flat[at + 1])));
  return tilesOf(cells);
}

/** The fixes of a tile and of a halo about it: GEOSEARCH proposes names, the exact records follow. */
export async function readCandidates(
  redis: RedisClient,
  record: VenueRecord,
  minute: number,
  tile: Tile,
  haloM: number,
): Promise<TileCandidates> {
  const box = searchBox(tile, haloM);
  const index = record.keys.index(minute, tile.floor);
  const names = (await redis.call(
    "GEOSEARCH",
    index,
    "FROMLONLAT",
    box.longitude,
    box.latitude,
    "BYBOX",
    box.widthM,
    box.heightM,
    "m",
  )) as string[];
  const fixes = await readFixes(redis, record, minute, names);
  return { tile, fixes: fixes.sort((a, b) => a.ordinal - b.ordinal) };
}

async function readFixes(
  redis: RedisClient,
  record: VenueRecord,
  minute: number,
  names: readonly string[],
): Promise<StoredFix[]> {
  const key = record.keys.fixes(minute);
  const fixes: StoredFix[] = [];
  for (let at = 0; at < names.length; at += NAMES_PER_COMMAND_MAX) {
    const some = names.slice(at, at + NAMES_PER_COMMAND_MAX);
    const values = await redis.hmgetBuffer(key, ...some);
    for (let i = 0; i < some.length; i++) {
      const value = values[i];
      if (value) fixes.push(readFixRecord(minute, Number(some[i]), value));
    }
  }
  return fixes;
}

/** All fixes of a minute whose index has expired or was lost: the exact records are all there is to read. */
export function readAll(redis: RedisClient, record: VenueRecord, minute: number): Promise<StoredFix[]> {
  return readMinuteFixes(redis, record.keys, minute);
}
