import type { FoundContact } from "./brute-force.ts";

/** Two lists of contacts compared one by one. */
export interface Difference {
  readonly expected: number;
  readonly found: number;
  readonly missing: readonly FoundContact[];
  readonly surplus: readonly FoundContact[];
}

/** Compares what should be found with what was found; pair, start, end and certain minutes must all agree. */
export function differenceOf(expected: readonly FoundContact[], found: readonly FoundContact[]): Difference {
  const expectedKeys = new Set(expected.map(keyOf));
  const foundKeys = new Set(found.map(keyOf));
  return {
    expected: expected.length,
    found: found.length,
    missing: expected.filter((contact) => !foundKeys.has(keyOf(contact))),
    surplus: found.filter((contact) => !expectedKeys.has(keyOf(contact))),
  };
}

/** How much of what was found is true, and how much of what is true was found. Null where there is nothing to share. */
export interface Accuracy {
  /** Found contacts that overlap a true one of the same pair, as a share of those found. */
  readonly precision: number | null;
  /** True contacts that overlap a found one of the same pair, as a share of those true. */
  readonly recall: number | null;
  /** The same for the single minutes of contacts. */
  readonly minutePrecision: number | null;
  readonly minuteRecall: number | null;
}

/** Compares found contacts with the truth. */
export function accuracyOf(found: readonly FoundContact[], truth: readonly FoundContact[]): Accuracy {
  const foundMinutes = minutesByPair(found);
  const trueMinutes = minutesByPair(truth);
  const rightMinutes = sharedMinutes(foundMinutes, trueMinutes);
  return {
    precision: share(found.filter((contact) => touches(contact, trueMinutes)).length, found.length),
    recall: share(truth.filter((contact) => touches(contact, foundMinutes)).length, truth.length),
    minutePrecision: share(rightMinutes, countMinutes(foundMinutes)),
    minuteRecall: share(rightMinutes, countMinutes(trueMinutes)),
  };
}

type MinutesByPair = ReadonlyMap<string, ReadonlySet<number>>;

function keyOf({ a, b, startMinute, endMinute, certainMinutes }: FoundContact): string {
  return `${a} ${b} ${startMinute} ${endMinute} ${certainMinutes}`;
}

function minutesByPair(contacts: readonly FoundContact[]): MinutesByPair {
  const pairs = new Map<string, Set<number>>();
  for (const { a, b, startMinute, endMinute } of contacts) {
    const minutes = pairs.get(`${a} ${b}`) ?? new Set<number>();
    pairs.set(`${a} ${b}`, minutes);
    for (let minute = startMinute; minute < endMinute; minute++) minutes.add(minute);
  }
  return pairs;
}

function touches({ a, b, startMinute, endMinute }: FoundContact, pairs: MinutesByPair): boolean {
  const minutes = pairs.get(`${a} ${b}`);
  for (let minute = startMinute; minute < endMinute; minute++) if (minutes?.has(minute)) return true;
  return false;
}

function sharedMinutes(some: MinutesByPair, others: MinutesByPair): number {
  let count = 0;
  for (const [pair, minutes] of some) {
    const other = others.get(pair);
    for (const minute of minutes) if (other?.has(minute)) count++;
  }
  return count;
}

function countMinutes(pairs: MinutesByPair): number {
  return [...pairs.values()].reduce((sum, minutes) => sum + minutes.size, 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
