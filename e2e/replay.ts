import type { WireFix } from "@encounter/core/wire/fix";
import { expect, vi } from "vitest";
import { sendAhead } from "./sender-ahead.ts";
import type { System } from "./system.ts";

/** The largest set takes a quarter of a minute; on a machine that has other work too, minutes. */
const EVALUATION_PATIENCE_MS = 240_000;
/** Every recorded minute is kept, however long ago it was. */
const WIDE_RETENTION = { retention_days: 3650 };
/** The largest set takes a quarter of a minute; on a machine that has other work too, minutes. */
const EVALUATION_PATIENCE_MS = 240_000;
let runs = 0;

/** A recording as it was sent: now, and to venues of its own, so that runs do not meet. */
export interface Replay {
  readonly fixes: readonly WireFix[];
  /** What the door said of them. */
  readonly counts: Record<string, number>;
  readonly shiftMs: number;
  readonly venueOf: (venue: string) => string;
}

/** Sends recorded fixes, a venue after the other, and waits until the contacts reflect them. */
export async function replay(
  system: System,
  recorded: readonly WireFix[],
  frameSize: number,
  settings: object = {},
): Promise<Replay> {
  const run = runs++;
  const shiftMs = shiftToNowMs(recorded, Date.now());
  const venueOf = (venue: string) => `${venue} ${run}`;
  const fixes = recorded.map((fix) => ({
    ...fix,
    timestamp: fix.timestamp + shiftMs,
    venue_id: venueOf(fix.venue_id),
  }));
  const counts: Record<string, number> = {};
  for (const venueId of new Set(fixes.map((fix) => fix.venue_id))) {
    const key = await system.newVenue(venueId, { ...WIDE_RETENTION, ...settings });
    const ofVenue = fixes.filter((fix) => fix.venue_id === venueId);
    await sendAhead(system.ingestUrl, key, ofVenue, frameSize, counts);
    await evaluated(system, venueId);
  }
  return { fixes, counts, shiftMs, venueOf };
}

/** Whole minutes to add so that the newest fix's minute ends now. */
function shiftToNowMs(fixes: readonly WireFix[], nowMs: number): number {
  const newest = fixes.reduce((max, fix) => Math.max(max, fix.timestamp), 0);
  return (Math.floor(nowMs / 60_000) - Math.floor(newest / 60_000) - 1) * 60_000;
}

/** Waits until every accepted fix of a venue is reflected in its contacts. */
export async function evaluated(system: System, venueId: string): Promise<void> {
  await vi.waitFor(async () => expect((await system.status(venueId)).unevaluated_fixes).toBe(0), {
    timeout: EVALUATION_PATIENCE_MS,
    interval: 100,
  });
}
