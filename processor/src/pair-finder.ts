import { toColumns } from "@encounter/core/domain/fix";
import { joinWithin, type PairColumns } from "@encounter/core/domain/proximity";
import type { RedisClient } from "@encounter/core/service/redis";
import type { VenueRecord } from "@encounter/core/service/venue-store";
import { isInTile } from "@encounter/core/storage/geo-index";
import type { StoredFix } from "@encounter/core/storage/records";
import { readAll, readCandidates, readTiles } from "./candidates.ts";

/** The fixes of a minute that are evaluated now: those with ordinals from `from` to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A fix that is evaluated now and those accepted before it that it is near. */
export interface Newcomer {
  readonly fix: StoredFix;
  /** Where its pairs stand in `pairs`, `[start, end)`. */
  readonly start: number;
  readonly end: number;
  readonly pairs: PairColumns;
  /** What the pairs' indices mean. */
  readonly fixes: readonly StoredFix[];
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
  const haloM = record.settings.cap + 2 * radiusM;
  const newcomers: Newcomer[] = [];
  let fixesSeen = 0;
  for (const tile of await readTiles(redis, record, minute)) {
    const { fixes } = await readCandidates(redis, record, minute, tile, haloM);
    const known = fixes.filter((fix) => fix.ordinal < span.to);
    const isInside = (fix: StoredFix) => isInTile(tile, fix.longitude, fix.latitude);
    for (const fix of known) if (isInside(fix)) fixesSeen += 1;
    join(known, (fix) => fix.ordinal >= span.from && isInside(fix), record.settings.cap, newcomers);
  }
  if (fixesSeen === span.to) return newcomers.sort((a, b) => a.fix.ordinal - b.fix.ordinal);
  return findWithoutIndex(redis, record, minute, span);
}

/** The same from the exact fixes alone, where the index has expired (a late fix) or does not hold them all. */
async function findWithoutIndex(redis: RedisClient, record: VenueRecord, minute: number, span: Span): Promise<Newcomer[]> {
  const newcomers: Newcomer[] = [];
  const known = (await readAll(redis, record, minute)).filter((fix) => fix.ordinal < span.to);
  join(known, (fix) => fix.ordinal >= span.from, record.settings.cap, newcomers);
  return newcomers;
}

function join(
  fixes: readonly StoredFix[],
  asks: (fix: StoredFix) => boolean,
  capM: number,
  newcomers: Newcomer[],
): void {
  const marks = Uint8Array.from(fixes, (fix) => (asks(fix) ? 1 : 0));
  const pairs = joinWithin(toColumns(fixes), capM, marks);
  let at = 0;
  for (let index = 0; index < fixes.length; index++) {
    if (marks[index] === 0) continue;
    const start = at;
    while (at < pairs.count && pairs.newer[at] === index) at += 1;
    newcomers.push({ fix: fixes[index] as StoredFix, start, end: at, pairs, fixes });
  }
}
