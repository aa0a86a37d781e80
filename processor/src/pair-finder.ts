import { joinWithin, type PairColumns } from "@encounter/core/domain/proximity";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { isInTile, type Tile } from "@encounter/core/storage/geo-index";
import type { StoredFixColumns } from "@encounter/core/storage/records";
import { readAll, readCandidates, readTiles } from "./candidates.ts";

/** The fixes of a minute that are evaluated now: those with ordinals from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A fix that is evaluated now and those accepted before it that it is near. */
export interface Newcomer {
  readonly deviceNumber: number;
  readonly ordinal: number;
  readonly fixTimeMs: number;
  /** Where its pairs stand in `pairs`, `[start, end)`. */
  readonly start: number;
  readonly end: number;
  readonly pairs: PairColumns;
  /** What the pairs' indices mean. */
  readonly fixes: StoredFixColumns;
}

/**
 * Finds what the fixes of a span bring to a minute: for each, in the order of acceptance, its pairs with earlier ones
 * out to the venue's cap. GEOSEARCH proposes, tile by tile; the join on exact fixes decides.
 * @param radiusM largest accuracy radius of the minute
 */
export async function findNewcomers(
  redis: RedisClient,
  record: VenueRecord,
  minute: number,
  span: Span,
  radiusM: number,
): Promise<Newcomer[]> {
  const { cap } = record.settings;
  const newcomers: Newcomer[] = [];
  let fixesSeen = 0;
  for (const tile of await readTiles(redis, record, minute)) {
    const fixes = await readCandidates(redis, record, minute, tile, cap + 2 * radiusM, span.to);
    const inside = marksInside(tile, fixes);
    for (const mark of inside) fixesSeen += mark;
    join(fixes, inside, span, cap, newcomers);
  }
  if (fixesSeen === span.to) return newcomers.sort((a, b) => a.ordinal - b.ordinal);
  return findWithoutIndex(redis, record, minute, span);
}

/** The same from the exact fixes alone, where the index has expired (a late fix) or does not hold them all. */
async function findWithoutIndex(
  redis: RedisClient,
  record: VenueRecord,
  minute: number,
  span: Span,
): Promise<Newcomer[]> {
  const newcomers: Newcomer[] = [];
  const fixes = await readAll(redis, record, minute, span.to);
  join(fixes, new Uint8Array(fixes.count).fill(1), span, record.settings.cap, newcomers);
  return newcomers;
}

/** 1 for every fix that lies in the tile, 0 for those of its halo. */
function marksInside(tile: Tile, { count, longitude, latitude }: StoredFixColumns): Uint8Array {
  const marks = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (isInTile(tile, longitude[i] as number, latitude[i] as number)) marks[i] = 1;
  }
  return marks;
}

/** Adds those of the span's fixes that are marked, each with its pairs. */
function join(fixes: StoredFixColumns, marks: Uint8Array, span: Span, capM: number, newcomers: Newcomer[]): void {
  const asks = marks.map((mark, i) => ((fixes.ordinal[i] as number) >= span.from ? mark : 0));
  const pairs = joinWithin(fixes, capM, asks);
  let at = 0;
  for (let i = 0; i < fixes.count; i++) {
    if (asks[i] === 0) continue;
    const start = at;
    while (at < pairs.count && pairs.newer[at] === i) at += 1;
    newcomers.push({
      deviceNumber: fixes.deviceNumber[i] as number,
      ordinal: fixes.ordinal[i] as number,
      fixTimeMs: fixes.fixTimeMs[i] as number,
      start,
      end: at,
      pairs,
      fixes,
    });
  }
}
