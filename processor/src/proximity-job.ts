import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import type { ContactStore, StoreOutcome } from "./contact-store.ts";
import { findNewcomers } from "./pair-finder.ts";

/** Pending minutes that are looked up at once, newest first. */
const MINUTES_PER_LOOK = 64;
/** How long one job works on a venue before others get their turn, ms. What is left stays pending. */
const TURN_MS = 5_000;

export interface ProximityJobDependencies {
  readonly redis: RedisClient;
  readonly store: ContactStore;
  readonly log: Logger;
  readonly now: () => number;
  readonly onMinuteEvaluated?: (fixes: number, pairs: number, elapsedMs: number) => void;
}

/**
 * Evaluates what is pending in a venue, newest minutes first, until nothing is or its turn is over.
 * Safe to run anywhere, any number of times at once, and to be killed at any point.
 */
export async function evaluateVenue(dependencies: ProximityJobDependencies, venueId: string): Promise<void> {
  const { redis, now } = dependencies;
  const record = await loadVenue(redis, venueId);
  if (record === null) return;
  const turnEndsMs = now() + TURN_MS;
  for (;;) {
    const minutes = await redis.zrange(record.keys.pending, "0", String(MINUTES_PER_LOOK - 1), "REV");
    if (minutes.length === 0) return;
    for (const minute of minutes) {
      if ((await evaluateMinute(dependencies, record, Number(minute))) === "gone") return;
      if (now() > turnEndsMs) return;
    }
  }
}

/** Brings the contacts of one minute up to the fixes it has now. */
export async function evaluateMinute(
  { redis, store, onMinuteEvaluated, now }: ProximityJobDependencies,
  record: VenueRecord,
  minute: number,
): Promise<StoreOutcome> {
  const startedMs = now();
  const [accepted, evaluated, radius] = await redis.hmget(record.keys.minute(minute), "n", "e", "r");
  const span = { from: Number(evaluated ?? 0), to: Number(accepted ?? 0) };
  const newcomers = span.from < span.to ? await findNewcomers(redis, record, minute, span, Number(radius)) : [];
  const outcome = await store.store(record, minute, span, newcomers);
  const pairs = newcomers.reduce((sum, { start, end }) => sum + end - start, 0);
  onMinuteEvaluated?.(newcomers.length, pairs, now() - startedMs);
  return outcome;
}
