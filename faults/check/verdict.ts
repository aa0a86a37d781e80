import { minuteOf } from "@encounter/core/domain/minute";
import type { WireFix } from "@encounter/core/wire/fix";
import { type Interval, inOrder } from "../../core/test/recorded-sets.ts";
import { intervalsWithin, pairMinutes } from "../../e2e/brute-force.ts";
import type { Operator } from "../system/operator.ts";
import type { Ledger, SentFix } from "./ledger.ts";

/** What the checker found. */
export interface Verdict {
  readonly accepted: number;
  readonly unknown: number;
  /** Accepted fixes of which there is no trace. */
  readonly lost: number;
  /** Contacts that brute force finds, at all proximities together. */
  readonly contacts: number;
  /** Contacts that should be there and are not, or are there and should not be. */
  readonly differingContacts: number;
  /** Everything that is wrong, a line each. */
  readonly troubles: readonly string[];
}

export interface CheckOptions {
  readonly operator: Operator;
  readonly venueId: string;
  readonly ledger: Ledger;
  /** Of devices that were erased: they count in how much was going on, and nowhere else. */
  readonly erased: Ledger;
  /** Whether the store may have lost what it acknowledged: devices then sent it again. */
  readonly mayGoBack: boolean;
}

/** The venue's default and what lies about it, up to its cap. */
const PROXIMITIES_M = [5, 0, 2.5, 10];
const DEFAULT_PROXIMITY_M = 5;
const CAP_M = 10;
const EXAMPLES_MAX = 3;

/**
 * Compares, in the manner of a set test, what devices were told with what operators can read: every accepted fix has
 * exactly one effect, an unknown one at most one, and the contacts are those of brute force over what is stored.
 */
export async function check(options: CheckOptions): Promise<Verdict> {
  const { operator, venueId, ledger, erased } = options;
  const sent = ledger.sent;
  const times = [...sent, ...erased.sent].map(({ fix }) => fix.timestamp);
  const fromMs = Math.floor(Math.min(...times) / 60_000) * 60_000;
  const toMs = Math.max(...times) + 60_000;
  const stored = await readStored(operator, venueId, sent, fromMs, toMs);
  const byMinute = new Map(stored.map((fix) => [slotOf(fix), fix]));
  const lost = sent.filter((each) => isLost(each, byMinute, options.mayGoBack));
  const troubles = [
    ...say(
      "accepted and not stored",
      lost.map(({ fix }) => fix),
    ),
    ...say("accepted twice", doubled(sent, options.mayGoBack)),
    ...say("stored without having been accepted", withoutReason(sent, stored)),
    ...say("answered repeated where nothing is stored", repeatedOfNothing(sent, byMinute)),
  ];
  const { contacts, differences } = await compareContacts(operator, venueId, stored, fromMs, toMs);
  if (contacts === 0) troubles.push("nobody met anybody: nothing was tried");
  troubles.push(...differences.slice(0, EXAMPLES_MAX));
  troubles.push(...(await compareEffects(operator, venueId, stored, erased, fromMs, toMs)));
  return {
    accepted: ledger.accepted,
    unknown: ledger.unknownCount,
    lost: lost.length,
    contacts,
    differingContacts: differences.length,
    troubles,
  };
}

/** Every fix that operators can read of the devices that sent any. */
async function readStored(
  operator: Operator,
  venueId: string,
  sent: readonly SentFix[],
  fromMs: number,
  toMs: number,
): Promise<WireFix[]> {
  const stored: WireFix[] = [];
  for (const deviceId of new Set(sent.map(({ fix }) => fix.device_id))) {
    const fixes = await operator.deviceFixes(venueId, deviceId, fromMs, toMs).catch((error: Error) => {
      // A device of which nothing was accepted is not known.
      if (error.message.includes(": 404 ")) return [];
      throw error;
    });
    for (const { timestamp, longitude, latitude, floor, accuracy } of fixes) {
      stored.push({
        device_id: deviceId,
        venue_id: venueId,
        timestamp,
        position: { longitude, latitude, floor, accuracy },
      });
    }
  }
  return stored;
}

function isLost({ fix, acceptedIn }: SentFix, stored: ReadonlyMap<string, WireFix>, mayGoBack: boolean): boolean {
  if (acceptedIn.length === 0) return false;
  const found = stored.get(slotOf(fix));
  // Where the store went back, another fix of the device's minute may have come first the second time.
  return found === undefined || (!mayGoBack && !isSame(found, fix));
}

/** Fixes that were accepted more than once, and minutes of a device in which more than one was. */
function doubled(sent: readonly SentFix[], mayGoBack: boolean): WireFix[] {
  const seen = new Set<string>();
  return sent.flatMap(({ fix, acceptedIn }) =>
    acceptedIn
      .map((epoch) => `${slotOf(fix)} ${mayGoBack ? epoch : ""}`)
      .filter((slot) => {
        const isSecond = seen.has(slot);
        seen.add(slot);
        return isSecond;
      })
      .map(() => fix),
  );
}

/** Stored fixes that no attempt explains: neither accepted, nor sent with an answer that never came. */
function withoutReason(sent: readonly SentFix[], stored: readonly WireFix[]): WireFix[] {
  const possible = new Map<string, WireFix[]>();
  for (const { fix, acceptedIn, unknownAttempts } of sent) {
    if (acceptedIn.length === 0 && unknownAttempts === 0) continue;
    const slot = slotOf(fix);
    possible.set(slot, [...(possible.get(slot) ?? []), fix]);
  }
  return stored.filter((fix) => !(possible.get(slotOf(fix)) ?? []).some((each) => isSame(each, fix)));
}

function repeatedOfNothing(sent: readonly SentFix[], stored: ReadonlyMap<string, WireFix>): WireFix[] {
  return sent
    .filter(({ fix, otherOutcomes }) => otherOutcomes.includes("repeated") && !stored.has(slotOf(fix)))
    .map(({ fix }) => fix);
}

async function compareContacts(
  operator: Operator,
  venueId: string,
  stored: readonly WireFix[],
  fromMs: number,
  toMs: number,
): Promise<{ contacts: number; differences: string[] }> {
  const pairs = pairMinutes(stored, CAP_M);
  const differences: string[] = [];
  let expectedCount = 0;
  for (const proximityM of PROXIMITIES_M) {
    const contacts = await operator.contacts(venueId, fromMs, toMs, proximityM);
    const found = contacts.map(({ device_id, other, start, end, minutes }) =>
      textOf([venueId, device_id, other, start, end, minutes]),
    );
    const expected = inOrder(intervalsWithin(pairs, proximityM)).map(textOf);
    expectedCount += expected.length;
    const where = `within ${proximityM} m`;
    for (const each of missingFrom(found, expected)) differences.push(`contact missing ${where}: ${each}`);
    for (const each of missingFrom(expected, found)) differences.push(`contact too many ${where}: ${each}`);
  }
  return { contacts: expectedCount, differences };
}

/** Counters that would show what was stored or evaluated twice. Pairs of who was erased count if they were found before. */
async function compareEffects(
  operator: Operator,
  venueId: string,
  stored: readonly WireFix[],
  erased: Ledger,
  fromMs: number,
  toMs: number,
): Promise<string[]> {
  const counted = await operator.activity(venueId, fromMs, toMs);
  const gone = erased.sent.filter(({ acceptedIn }) => acceptedIn.length > 0).map(({ fix }) => fix);
  const fixes = stored.length + gone.length;
  const pairs = pairMinutes(stored, DEFAULT_PROXIMITY_M).length;
  const pairsMost = gone.length === 0 ? pairs : pairMinutes([...stored, ...gone], DEFAULT_PROXIMITY_M).length;
  const troubles: string[] = [];
  if (counted.fixes !== fixes) troubles.push(`${fixes} fixes were stored, ${counted.fixes} were evaluated`);
  if (counted.pairs < pairs || counted.pairs > pairsMost)
    troubles.push(`${pairs} pair-minutes by brute force, ${counted.pairs} were counted`);
  return troubles;
}

function missingFrom(among: readonly string[], wanted: readonly string[]): string[] {
  // One that comes twice is one too many.
  const left = new Map<string, number>();
  for (const each of among) left.set(each, (left.get(each) ?? 0) + 1);
  return wanted.filter((each) => {
    const count = left.get(each) ?? 0;
    left.set(each, count - 1);
    return count <= 0;
  });
}

function say(what: string, fixes: readonly WireFix[]): string[] {
  if (fixes.length === 0) return [];
  const examples = fixes
    .slice(0, EXAMPLES_MAX)
    .map((fix) => `${fix.device_id} at ${new Date(fix.timestamp).toISOString()}`);
  return [`${fixes.length} ${what}, such as ${examples.join("; ")}`];
}

function textOf([, a, b, startMs, endMs, minutes]: Interval): string {
  return `${a} with ${b} from ${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}, ${minutes} minutes`;
}

function slotOf({ device_id, timestamp }: WireFix): string {
  return `${device_id} ${minuteOf(timestamp)}`;
}

function isSame(a: WireFix, b: WireFix): boolean {
  return (
    a.timestamp === b.timestamp &&
    a.position.longitude === b.position.longitude &&
    a.position.latitude === b.position.latitude &&
    (a.position.floor ?? 0) === (b.position.floor ?? 0) &&
    a.position.accuracy === b.position.accuracy
  );
}
