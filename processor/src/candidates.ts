import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript } from "@encounter/core/service/script";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { parseCell, searchBox, type Tile, tilesOf } from "@encounter/core/storage/geo-index";
import { FIX_RECORD_BYTES, readFixColumns, type StoredFixColumns } from "@encounter/core/storage/records";
import { parseNumbers, TILE_SCRIPT } from "@encounter/core/storage/tile-script";

/** The occupied tiles of a minute, as its index knows them. Empty where the index has expired. */
export async function readTiles(redis: RedisClient, record: VenueRecord, minute: number): Promise<Tile[]> {
  const flat = await redis.zrange(record.keys.cells(minute), "0", "-1", "WITHSCORES");
  const cells = [];
  for (let at = 0; at + 1 < flat.length; at += 2) cells.push(parseCell(flat[at] as string, Number(flat[at + 1])));
  return tilesOf(cells);
}

/**
 * The fixes of a tile and of a halo about it that were accepted before number `before`, in the order of their
 * acceptance: GEOSEARCH proposes names, the exact records follow.
 */
export async function readCandidates(
  redis: RedisClient,
  record: VenueRecord,
  minute: number,
  tile: Tile,
  haloM: number,
  before: number,
): Promise<StoredFixColumns> {
  const box = searchBox(tile, haloM);
  const readTile = defineScript(redis, "encounterReadTile", TILE_SCRIPT, "buffers");
  const [numbers, records] = (await readTile(
    [record.keys.index(minute, tile.floor), record.keys.fixes(minute)],
    [box.longitude, box.latitude, box.widthM, box.heightM],
  )) as [Buffer, Buffer];
  return readFixColumns(minute, parseNumbers(numbers, records.length / FIX_RECORD_BYTES), records, before);
}

/** The same of a whole minute whose index has expired or was lost: the exact records are all there is to read. */
export async function readAll(
  redis: RedisClient,
  record: VenueRecord,
  minute: number,
  before: number,
): Promise<StoredFixColumns> {
  const flat = (await redis.callBuffer("HGETALL", record.keys.fixes(minute))) as Buffer[];
  const numbers = flat.filter((_, i) => i % 2 === 0).map((name) => Number(name.toString("latin1")));
  const records = Buffer.concat(flat.filter((_, i) => i % 2 === 1));
  return readFixColumns(minute, Uint32Array.from(numbers), records, before);
}
