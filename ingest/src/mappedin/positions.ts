import type { Grant } from "@encounter/core/service/credential-store";
import { FIXES_PER_FRAME_MAX } from "@encounter/core/wire/frame";
import type { FrameResult, Outcome } from "@encounter/core/wire/reply";

/** What the MappedIn contract says of one position. */
export interface PositionStatus {
  readonly status: number;
  readonly message: string;
}

/**
 * Stores fixes in the form of the devices' door. Rejects with a BusyError (nothing stored), an UnknownError or a
 * VenueGoneError.
 */
export type StoreFrame = (grant: Grant, fixes: readonly unknown[]) => Promise<FrameResult>;

const STORED: PositionStatus = { status: 200, message: "" };
const REPEATED: PositionStatus = { status: 409, message: "There is already a position for this device at this time" };

/**
 * Stores positions and tells what became of each, in their order. Those that a first look refuses, above all those
 * without the user's consent, go nowhere.
 */
export async function storePositions(
  grant: Grant,
  positions: readonly unknown[],
  storeFrame: StoreFrame,
): Promise<PositionStatus[]> {
  const statuses = positions.map((position) => refusalAtSight(grant, position) ?? STORED);
  const wanted = positions.flatMap((position, index) => (statuses[index] === STORED ? [{ position, index }] : []));
  for (let at = 0; at < wanted.length; at += FIXES_PER_FRAME_MAX) {
    const frame = wanted.slice(at, at + FIXES_PER_FRAME_MAX);
    const result = await storeFrame(
      grant,
      frame.map(({ position }) => toWireFix(position)),
    );
    for (const index of result.repeated) statuses[(frame[index] as { index: number }).index] = REPEATED;
    for (const { index, outcome, reason } of result.refusals) {
      statuses[(frame[index] as { index: number }).index] = refused(outcome, reason);
    }
  }
  return statuses;
}

function refusalAtSight(grant: Grant, position: unknown): PositionStatus | null {
  if (typeof position !== "object" || position === null) return null;
  const { venue, device, userConsent } = position as Record<string, unknown>;
  if (typeof venue === "string" && venue !== grant.venueId) {
    return { status: 401, message: `Unauthorized venue specified; token only has access to ${grant.venueId}` };
  }
  if (typeof device === "string" && device !== grant.deviceId) {
    return { status: 401, message: `Unauthorized device specified; token only has access to ${grant.deviceId}` };
  }
  if (userConsent !== true) {
    return { status: 400, message: "userConsent was not set to true so the position was ignored" };
  }
  return null;
}

/** The position as a fix of the devices' door, which then finds what is wrong with it. */
function toWireFix(position: unknown): unknown {
  if (typeof position !== "object" || position === null) return position;
  const { device, venue, time, lonlat, acc, floor } = position as Record<string, unknown>;
  const [longitude, latitude] = Array.isArray(lonlat) ? lonlat : [];
  return {
    device_id: device,
    venue_id: venue,
    timestamp: time,
    position: { longitude, latitude, accuracy: acc, ...(floor === undefined ? {} : { floor }) },
  };
}

/** Names of a fix's members in this contract. */
const MEMBER_NAMES: readonly (readonly [ours: string, theirs: string])[] = [
  ["position.longitude", "lonlat[0]"],
  ["position.latitude", "lonlat[1]"],
  ["position.accuracy", "acc"],
  ["position.floor", "floor"],
  ["timestamp", "time"],
  ["device_id", "device"],
  ["venue_id", "venue"],
];

function refused(outcome: Outcome, reason: string): PositionStatus {
  const [ours, theirs] = MEMBER_NAMES.find(([name]) => reason.startsWith(name)) ?? ["", ""];
  return { status: outcome === "forbidden" ? 401 : 400, message: theirs + reason.slice(ours.length) };
}
