import { metresPerDegreeNorth } from "@encounter/core/domain/geodesy";
import { runsOf } from "@encounter/core/domain/interval";
import { nearness } from "@encounter/core/domain/proximity";

/** Where a device was in a minute. */
export interface Placed {
  readonly device: number;
  readonly longitude: number;
  readonly latitude: number;
  readonly floor: number;
  readonly accuracyM: number;
}

/** Two devices near each other for a run of minutes `[startMinute, endMinute)`; `a` and `b` are their numbers. */
export interface FoundContact {
  readonly a: number;
  readonly b: number;
  readonly startMinute: number;
  readonly endMinute: number;
  readonly certainMinutes: number;
}

/** What makes a contact. */
export interface ContactRule {
  readonly proximityM: number;
  readonly minMinutes: number;
  /** Whether only certain minutes count. */
  readonly certain: boolean;
}

/**
 * All contacts among devices, by the plainest way there is: every minute, every pair, the rules of the contract. It
 * shares the distance with the product, and nothing else.
 */
export function contactsByBruteForce(
  minutes: ReadonlyMap<number, readonly Placed[]>,
  rule: ContactRule,
): FoundContact[] {
  const pairs = new Map<string, PairHistory>();
  for (const [minute, placed] of minutes) {
    for (const [a, b, certain] of pairsOf(placed, rule.proximityM)) {
      const key = `${a} ${b}`;
      const pair = pairs.get(key) ?? { a, b, minutes: [], certain: new Set<number>() };
      pairs.set(key, pair);
      pair.minutes.push(minute);
      if (certain) pair.certain.add(minute);
    }
  }
  return [...pairs.values()].flatMap((pair) => contactsOfPair(pair, rule));
}

interface PairHistory {
  readonly a: number;
  readonly b: number;
  readonly minutes: number[];
  readonly certain: Set<number>;
}

function contactsOfPair({ a, b, minutes, certain }: PairHistory, rule: ContactRule): FoundContact[] {
  return runsOf(rule.certain ? certain : minutes)
    .filter(({ startMinute, endMinute }) => endMinute - startMinute >= rule.minMinutes)
    .map(({ startMinute, endMinute }) => {
      const certainMinutes = [...certain].filter((minute) => minute >= startMinute && minute < endMinute).length;
      return { a, b, startMinute, endMinute, certainMinutes };
    });
}

/** Every pair of one minute in proximity, the smaller number first, and whether certainly so. */
function* pairsOf(placed: readonly Placed[], proximityM: number): Generator<[number, number, boolean]> {
  const ordered = [...placed].sort((p, q) => p.latitude - q.latitude);
  const widestM = placed.reduce((widest, { accuracyM }) => Math.max(widest, accuracyM), 0);
  // Beyond this many degrees north, with a good margin, no pair can be near.
  const beyond = (proximityM + 2 * widestM + 1) / metresPerDegreeNorth(0);
  for (let i = 0; i < ordered.length; i++) {
    const p = ordered[i]!;
    for (let j = i + 1; j < ordered.length && ordered[j]!.latitude - p.latitude <= beyond; j++) {
      const q = ordered[j]!;
      if (p.floor !== q.floor) continue;
      const { gapM, reachM } = nearness(p, q);
      if (gapM > proximityM) continue;
      yield [Math.min(p.device, q.device), Math.max(p.device, q.device), reachM <= proximityM];
    }
  }
}
