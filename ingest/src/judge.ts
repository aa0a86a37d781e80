import type { Fix } from "@encounter/core/domain/fix";
import { fixTrouble, type WireFix } from "@encounter/core/wire/fix";
import type { Outcome, Refusal } from "@encounter/core/wire/reply";
import type { VenueSettings } from "@encounter/core/wire/venue";

/** How far ahead of the server's clock a fix may be, ms. */
const EARLY_MS = 120_000;
const DAY_MS = 86_400_000;

/** Whom a credential may speak for. */
export interface Speaker {
  readonly venueId: string;
  /** The one device, by its own id or by what the store knows it by, or null for any of the venue. */
  readonly deviceId: string | null;
}

/**
 * Decides all that can be decided of a fix without the store: the first outcome of the contract's list that holds,
 * with its reason, or the fix itself, which is then either accepted or repeated.
 * @param nameOf what the venue's store knows a device by: the fix is of that one
 */
export function judge(
  value: unknown,
  index: number,
  speaker: Speaker,
  settings: VenueSettings,
  nowMs: number,
  nameOf: (deviceId: string) => string,
): Fix | Refusal {
  const trouble = fixTrouble(value);
  if (trouble !== null) return refuse(index, "invalid", trouble);
  const { device_id: deviceId, venue_id: venueId, timestamp, position } = value as WireFix;
  if (venueId !== speaker.venueId) return refuse(index, "forbidden", "this credential may not speak for that venue");
  const name = nameOf(deviceId);
  if (speaker.deviceId !== null && deviceId !== speaker.deviceId && name !== speaker.deviceId) {
    return refuse(index, "forbidden", "this credential may not speak for that device");
  }
  if (timestamp > nowMs + EARLY_MS) {
    return refuse(index, "early", "timestamp is more than 2 minutes ahead of the server's clock");
  }
  if (timestamp < nowMs - settings.retention_days * DAY_MS) {
    return refuse(index, "late", `timestamp is older than the venue's retention of ${settings.retention_days} days`);
  }
  if (position.accuracy > settings.max_accuracy) {
    return refuse(index, "inaccurate", `position.accuracy is above the venue's limit of ${settings.max_accuracy} m`);
  }
  return {
    deviceId: name,
    fixTimeMs: timestamp,
    longitude: position.longitude,
    latitude: position.latitude,
    floor: position.floor ?? 0,
    accuracyM: position.accuracy,
  };
}

function refuse(index: number, outcome: Outcome, reason: string): Refusal {
  return { index, outcome, reason };
}
