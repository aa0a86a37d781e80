import { MINUTE_MS } from "@encounter/core/domain/minute";
import { untilEvaluated } from "../operator/evaluation.ts";
import type { ListedContact, ListedFix, OperatorDoor } from "../operator/operator-door.ts";
import type { Fleet } from "../simulating/fleet.ts";
import type { SimulatedFix } from "../simulating/simulated-fix.ts";
import { type ContactRule, contactsByBruteForce, type FoundContact, type Placed } from "./brute-force.ts";
import { type Accuracy, accuracyOf, type Difference, differenceOf } from "./comparison.ts";
import type { LedgerEntry, SentLedger } from "./sent-ledger.ts";

/** What the server has stored against what it acknowledged. */
export interface StoredCheck {
  readonly minutes: number;
  readonly fixes: number;
  /** Acknowledged as the minute's fix, but not there. */
  readonly missing: number;
  /** There, but another one than was acknowledged. */
  readonly wrong: number;
  /** There, but never sent by this run: the same devices spoke for the venue before. */
  readonly foreign: number;
}

/** One venue's contacts against brute force over what was sent and accepted, and against the truth. */
export interface VenueVerification {
  readonly venueId: string;
  readonly proximityM: number;
  readonly minMinutes: number;
  readonly stored: StoredCheck;
  readonly contacts: Difference;
  readonly certainContacts: Difference;
  readonly trueContacts: number;
  readonly accuracy: Accuracy;
  readonly certainAccuracy: Accuracy;
}

/**
 * Asks the operators' door for what it knows of each venue and compares it with what was sent.
 * @throws Error where the server does not finish evaluating or does not answer
 */
export async function verifyVenues(door: OperatorDoor, fleet: Fleet, ledger: SentLedger): Promise<VenueVerification[]> {
  const verifications: VenueVerification[] = [];
  for (const venue of fleet.venueIds.keys()) verifications.push(await verifyVenue(door, fleet, venue, ledger));
  return verifications;
}

async function verifyVenue(
  door: OperatorDoor,
  fleet: Fleet,
  venue: number,
  ledger: SentLedger,
): Promise<VenueVerification> {
  const venueId = fleet.venueIds[venue]!;
  const settings = await door.venue(venueId);
  if (settings === null) throw new Error(`there is no venue ${venueId}`);
  await untilEvaluated(door, venueId);
  const { stored, minutes } = await readMinutes(door, fleet, venue, ledger);
  const { proximity: proximityM, min_minutes: minMinutes } = settings;
  const check = async (certain: boolean) => {
    const rule: ContactRule = { proximityM, minMinutes, certain };
    const found = await readContacts(door, fleet, venue, ledger, certain);
    return { found, difference: differenceOf(contactsByBruteForce(minutes, rule), found) };
  };
  const [possible, certain] = [await check(false), await check(true)];
  const truth = contactsByBruteForce(truthOf(minutes), { proximityM, minMinutes, certain: false });
  return {
    venueId,
    proximityM,
    minMinutes,
    stored,
    contacts: possible.difference,
    certainContacts: certain.difference,
    trueContacts: truth.length,
    accuracy: accuracyOf(possible.found, truth),
    certainAccuracy: accuracyOf(certain.found, truth),
  };
}

/** The fix of a minute together with its truth. */
interface PlacedFix extends Placed {
  readonly trueLongitude: number;
  readonly trueLatitude: number;
}

type Minutes = Map<number, PlacedFix[]>;

/** The fixes that were sent and accepted, minute by minute, each looked up in what the server has stored. */
async function readMinutes(door: OperatorDoor, fleet: Fleet, venue: number, ledger: SentLedger) {
  const minutes: Minutes = new Map();
  let [missing, wrong, foreign, fixes] = [0, 0, 0, 0];
  for (const [minute, devices] of entriesOf(fleet, venue, ledger)) {
    const listed = new Map((await door.minuteFixes(fleet.venueIds[venue]!, minute)).map((fix) => [fix.device_id, fix]));
    const placed: PlacedFix[] = [];
    for (const [device, entry] of devices) {
      const there = listed.get(fleet.deviceId(device));
      const sent = sentFix(entry, there);
      if (there === undefined) missing++;
      else if (sent === null) foreign++;
      else if (!isSame(sent, there)) wrong++;
      if (sent !== null) placed.push(sent);
    }
    minutes.set(minute, placed);
    fixes += placed.length;
  }
  return { minutes, stored: { minutes: minutes.size, fixes, missing, wrong, foreign } };
}

/** The accepted fix; where its answer was lost, the sent one that the server says it has. */
function sentFix({ accepted, candidates }: LedgerEntry, there: ListedFix | undefined): SimulatedFix | null {
  if (accepted !== null || there === undefined) return accepted;
  return candidates.find((fix) => isSame(fix, there)) ?? null;
}

function isSame(sent: SimulatedFix, there: ListedFix): boolean {
  return (
    sent.fixTimeMs === there.timestamp &&
    sent.longitude === there.longitude &&
    sent.latitude === there.latitude &&
    sent.floor === there.floor &&
    sent.accuracyM === there.accuracy
  );
}

function* entriesOf(fleet: Fleet, venue: number, ledger: SentLedger): Generator<[number, [number, LedgerEntry][]]> {
  for (const [minute, devices] of ledger.entries()) {
    const own = [...devices].filter(([device]) => fleet.venueOf(device) === venue);
    if (own.length > 0) yield [minute, own];
  }
}

/** The server's contacts among the devices of this fleet. */
async function readContacts(
  door: OperatorDoor,
  fleet: Fleet,
  venue: number,
  ledger: SentLedger,
  certain: boolean,
): Promise<FoundContact[]> {
  const minutes = ledger.entries().map(([minute]) => minute);
  if (minutes.length === 0) return [];
  const numbers = new Map(Array.from({ length: fleet.size }, (_, device) => [fleet.deviceId(device), device]));
  const [fromMs, toMs] = [minutes[0]! * MINUTE_MS, (minutes[minutes.length - 1]! + 1) * MINUTE_MS];
  const found: FoundContact[] = [];
  for await (const contact of door.contacts(fleet.venueIds[venue]!, fromMs, toMs, certain)) {
    const [a, b] = [numbers.get(contact.device_id), numbers.get(contact.other)];
    if (a !== undefined && b !== undefined) found.push(toFound(contact, a, b));
  }
  return found;
}

function toFound({ start, end, certain_minutes }: ListedContact, a: number, b: number): FoundContact {
  return {
    a: Math.min(a, b),
    b: Math.max(a, b),
    startMinute: start / MINUTE_MS,
    endMinute: end / MINUTE_MS,
    certainMinutes: certain_minutes,
  };
}

/** The same minutes as the devices really were. */
function truthOf(minutes: Minutes): Map<number, Placed[]> {
  return new Map(
    [...minutes].map(([minute, fixes]) => [
      minute,
      fixes.map((fix) => ({ ...fix, longitude: fix.trueLongitude, latitude: fix.trueLatitude, accuracyM: 0 })),
    ]),
  );
}
