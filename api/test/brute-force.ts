import type { Fix } from "@encounter/core/domain/fix";
import { nearness } from "@encounter/core/domain/proximity";

/** A contact as an answer holds it, by definition and without any cleverness. */
export interface ExpectedContact {
  readonly device_id: string;
  readonly other: string;
  readonly start: number;
  readonly end: number;
  readonly minutes: number;
  readonly certain_minutes: number;
  readonly closest: { minute: number; floor: number; distance: number; gap: number };
  readonly path: readonly Record<string, unknown>[];
}

export interface ExpectedQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly proximityDm: number;
  readonly minMinutes: number;
  readonly certain: boolean;
}

type Meeting = { minute: number; self: Fix; other: Fix; distanceUm: number; gapUm: number; reachUm: number };

const mm = (um: number) => Math.round(um / 1_000) / 1_000;
const inUm = (metres: number) => Math.round(metres * 1e6);

/** Every contact of every ordered pair of devices, unsorted: the first fix of a device and minute counts. */
function contactsOf(fixes: readonly Fix[], query: ExpectedQuery): ExpectedContact[] {
  const byDevice = new Map<string, Map<number, Fix>>();
  for (const fix of fixes) {
    const minutes = byDevice.get(fix.deviceId) ?? new Map<number, Fix>();
    byDevice.set(fix.deviceId, minutes);
    const minute = Math.floor(fix.fixTimeMs / 60_000);
    if (!minutes.has(minute)) minutes.set(minute, fix);
  }
  const contacts: ExpectedContact[] = [];
  for (const [self, own] of byDevice) {
    for (const [other, theirs] of byDevice) {
      if (self !== other) contacts.push(...contactsOfPair(own, theirs, query));
    }
  }
  return contacts;
}

function contactsOfPair(own: Map<number, Fix>, theirs: Map<number, Fix>, query: ExpectedQuery): ExpectedContact[] {
  const meetings: Meeting[] = [];
  for (const [minute, self] of [...own].sort(([a], [b]) => a - b)) {
    const other = theirs.get(minute);
    if (other === undefined || other.floor !== self.floor) continue;
    const { distanceM, gapM, reachM } = nearness(self, other);
    const meeting = { minute, self, other, distanceUm: inUm(distanceM), gapUm: inUm(gapM), reachUm: inUm(reachM) };
    const limitUm = query.proximityDm * 100_000;
    if ((query.certain ? meeting.reachUm : meeting.gapUm) <= limitUm) meetings.push(meeting);
  }
  const runs: Meeting[][] = [];
  for (const meeting of meetings) {
    const run = runs.at(-1);
    if (run?.at(-1)?.minute === meeting.minute - 1) run?.push(meeting);
    else runs.push([meeting]);
  }
  return runs
    .filter((run) => run.length >= query.minMinutes)
    .map((run) => toContact(run, query))
    .filter(({ start, end }) => start < query.toMs && end > query.fromMs);
}

function toContact(run: Meeting[], { proximityDm }: ExpectedQuery): ExpectedContact {
  const first = run[0] as Meeting;
  const isCertain = ({ reachUm }: Meeting) => reachUm <= proximityDm * 100_000;
  const closest = run.reduce((best, each) => (each.distanceUm < best.distanceUm ? each : best));
  return {
    device_id: first.self.deviceId,
    other: first.other.deviceId,
    start: first.minute * 60_000,
    end: (first.minute + run.length) * 60_000,
    minutes: run.length,
    certain_minutes: run.filter(isCertain).length,
    closest: {
      minute: closest.minute,
      floor: closest.self.floor,
      distance: mm(closest.distanceUm),
      gap: mm(Math.max(0, closest.gapUm)),
    },
    path: run.map((each) => ({
      minute: each.minute,
      distance: mm(each.distanceUm),
      gap: mm(Math.max(0, each.gapUm)),
      certain: isCertain(each),
      self: shown(each.self),
      other: shown(each.other),
    })),
  };
}

function shown({ fixTimeMs, latitude, longitude, floor, accuracyM }: Fix) {
  return { timestamp: fixTimeMs, latitude, longitude, floor, accuracy: accuracyM };
}

const byText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

/** What the device form must answer. */
export function expectedOfDevice(fixes: readonly Fix[], query: ExpectedQuery, deviceId: string): ExpectedContact[] {
  return contactsOf(fixes, query)
    .filter((contact) => contact.device_id === deviceId)
    .sort((a, b) => a.start - b.start || byText(a.other, b.other));
}

/** What the venue form must answer. */
export function expectedOfVenue(fixes: readonly Fix[], query: ExpectedQuery): ExpectedContact[] {
  return contactsOf(fixes, query)
    .filter((contact) => contact.device_id < contact.other)
    .sort((a, b) => a.start - b.start || byText(a.device_id, b.device_id) || byText(a.other, b.other));
}

/** A contact without what the venue form does not tell. */
export function bare({ closest, path, ...facts }: ExpectedContact) {
  return facts;
}
