import { nearness } from "@encounter/core/domain/proximity";
import type { WireFix } from "@encounter/core/wire/fix";
import { compare, type Interval, inOrder } from "../core/test/recorded-sets.ts";

/** A pair-minute and the gap between the two, by brute force. */
interface PairMinute {
  readonly venue: string;
  readonly a: string;
  readonly b: string;
  readonly minute: number;
  readonly floor: number;
  readonly gapM: number;
}

/** Every pair-minute up to a gap, by definition: the first accepted fix of venue, device and minute, all pairs. */
export function pairMinutes(fixes: readonly WireFix[], gapMaxM: number, maxAccuracyM = 4): PairMinute[] {
  const together = groupBy(firstOfMinute(fixes, maxAccuracyM), (fix) =>
    JSON.stringify([minuteOf(fix.timestamp), fix.venue_id, fix.position.floor ?? 0]),
  );
  return [...together.values()].flatMap((group) =>
    group.flatMap((one, i) => group.slice(0, i).flatMap((other) => pairMinute(one, other, gapMaxM))),
  );
}

/** The minutes' fixes: the first accurate enough of each venue, device and minute. */
export function firstOfMinute(fixes: readonly WireFix[], maxAccuracyM = 4): WireFix[] {
  const first = new Map<string, WireFix>();
  for (const fix of fixes) {
    if (fix.position.accuracy > maxAccuracyM) continue;
    const key = JSON.stringify([minuteOf(fix.timestamp), fix.venue_id, fix.device_id]);
    if (!first.has(key)) first.set(key, fix);
  }
  return [...first.values()];
}

function pairMinute(one: WireFix, other: WireFix, gapMaxM: number): PairMinute[] {
  const { gapM } = nearness(
    { ...one.position, accuracyM: one.position.accuracy },
    { ...other.position, accuracyM: other.position.accuracy },
  );
  if (gapM > gapMaxM) return [];
  const [a, b] = [one.device_id, other.device_id].sort(compare) as [string, string];
  return [{ venue: one.venue_id, a, b, minute: minuteOf(one.timestamp), floor: one.position.floor ?? 0, gapM }];
}

/** The runs of the pair-minutes within a proximity. */
export function intervalsWithin(pairs: readonly PairMinute[], proximityM: number): Interval[] {
  const byPair = groupBy(
    pairs.filter(({ gapM }) => gapM <= proximityM),
    ({ venue, a, b }) => JSON.stringify([venue, a, b]),
  );
  return inOrder([...byPair].flatMap(([pair, group]) => runsOf(JSON.parse(pair), group)));
}

/** Every interval of fixes at a proximity, by definition. */
export function bruteForce(fixes: readonly WireFix[], proximityM: number): Interval[] {
  return intervalsWithin(pairMinutes(fixes, proximityM), proximityM);
}

function runsOf([venue, a, b]: [string, string, string], pairs: readonly PairMinute[]): Interval[] {
  const minutes = new Set(pairs.map(({ minute }) => minute));
  return [...minutes]
    .filter((minute) => !minutes.has(minute - 1))
    .map((start) => {
      let end = start;
      while (minutes.has(end)) end += 1;
      return [venue, a, b, start * 60_000, end * 60_000, end - start];
    });
}

/** The minute that a time is of. */
export function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / 60_000);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
