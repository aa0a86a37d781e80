import { decodeLiveFrame, type LiveFrame, type MapAnchor } from "@encounter/core/wire/live";
import { getBytes, getJson } from "./requests.ts";
import { venuePath } from "./venues.ts";

/** A past minute, in the form in which the live feed sends the present. */
export interface MinuteFrame {
  readonly anchor: MapAnchor;
  readonly frame: LiveFrame;
  readonly bytes: number;
}

/** By which measure the runs of a minute's pairs are counted. */
export interface RunMeasure {
  readonly proximityDm: number;
  readonly certain: boolean;
}

/** How much went on in a venue, a bucket of `step_minutes` each from `from` on. */
export interface Activity {
  readonly from: number;
  readonly step_minutes: number;
  /** Oldest minute that is still kept, null where there is none. */
  readonly first_minute: number | null;
  readonly newest_minute: number | null;
  readonly fixes: readonly number[];
  /** Minutes of pairs in proximity. */
  readonly pairs: readonly number[];
}

/**
 * Asks for a minute's fixes, and for its pairs out to the venue's cap.
 * @throws SignedOut | Refused | Unreachable
 */
export async function fetchMinute(
  venueId: string,
  minute: number,
  { proximityDm, certain }: RunMeasure,
  signal: AbortSignal,
): Promise<MinuteFrame> {
  const words = new URLSearchParams({ proximity: String(proximityDm / 10), certain: String(certain) });
  const { bytes, headers } = await getBytes(`${venuePath(venueId)}/minutes/${minute}/frame?${words}`, signal);
  const [longitude = 0, latitude = 0] = (headers.get("encounter-anchor") ?? "").split(",").map(Number);
  return { anchor: { longitude, latitude }, frame: decodeLiveFrame(bytes), bytes: bytes.byteLength };
}

/**
 * Asks how much went on in the minutes of `[fromMinute, toMinute)`.
 * @throws SignedOut | Refused | Unreachable
 */
export async function fetchActivity(
  venueId: string,
  fromMinute: number,
  toMinute: number,
  stepMinutes: number,
  signal: AbortSignal,
): Promise<Activity> {
  const words = new URLSearchParams({
    from: String(fromMinute * 60_000),
    to: String(toMinute * 60_000),
    step: String(stepMinutes),
  });
  return getJson<Activity>(`${venuePath(venueId)}/activity?${words}`, signal);
}
