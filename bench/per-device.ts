import type { Fix } from "@encounter/core/domain/fix";
import { nearness } from "@encounter/core/domain/proximity";
import type { RedisClient } from "@encounter/core/service/redis";

/** Searches sent in one go. */
const SEARCHES_PER_PIPELINE = 500;
/** What a geo set moves a point by at most, metres, and how far its sphere is from the ellipsoid, as a share. */
const STORED_ROUNDING_M = 0.7;
const SPHERE_SHARE = 0.006;

/**
 * The other way to find a minute's pairs: one GEOSEARCH per device, names only, and the exact filter on the fixes in
 * memory.
 * @param positionOf index into `fixes` of a name in the geo set
 * @param found called for each pair once, with indices into `fixes`
 */
export async function searchPerDevice(
  redis: RedisClient,
  indexKey: string,
  fixes: readonly Fix[],
  positionOf: ReadonlyMap<string, number>,
  capM: number,
  found: (a: number, b: number, gapM: number, reachM: number) => void,
): Promise<void> {
  const largestM = fixes.reduce((largest, { accuracyM }) => Math.max(largest, accuracyM), 0);
  for (let from = 0; from < fixes.length; from += SEARCHES_PER_PIPELINE) {
    const some = fixes.slice(from, from + SEARCHES_PER_PIPELINE);
    const pipeline = redis.pipeline();
    for (const { longitude, latitude, accuracyM } of some) {
      const radiusM = (capM + accuracyM + largestM) * (1 + SPHERE_SHARE) + STORED_ROUNDING_M;
      pipeline.call("GEOSEARCH", indexKey, "FROMLONLAT", longitude, latitude, "BYRADIUS", radiusM, "m");
    }
    const answers = (await pipeline.exec()) ?? [];
    for (let i = 0; i < some.length; i++) {
      filter(from + i, answers[i]?.[1] as readonly string[], fixes, positionOf, capM, found);
    }
  }
}

function filter(
  self: number,
  names: readonly string[],
  fixes: readonly Fix[],
  positionOf: ReadonlyMap<string, number>,
  capM: number,
  found: (a: number, b: number, gapM: number, reachM: number) => void,
): void {
  const own = fixes[self] as Fix;
  for (const name of names) {
    const other = positionOf.get(name) as number;
    if (other >= self) continue;
    const { gapM, reachM } = nearness(own, fixes[other] as Fix);
    if (gapM <= capM) found(self, other, gapM, reachM);
  }
}
