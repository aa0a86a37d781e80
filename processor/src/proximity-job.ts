import type { Logger } from "@encounter/core/service/log";
import type { RedisClient } from "@encounter/core/service/redis";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import type { ContactStore, StoreOutcome } from "./contact-store.ts";
import { findNewcomers, type Span } from "./pair-finder.ts";

/** Pending minutes that are looked up at once, newest first. */
const MINUTES_PER_LOOK = 64;
/**
 * Minutes that are evaluated side by side, so that they share Redis's round trips and its writes to disk, and the most
 * fixes they may hold together: a crowd's minute is evaluated alone.
 */
const MINUTES_AT_ONCE = 16;
const FIXES_AT_ONCE = 10_000;
/** How long one job works on a venue before others get their turn, ms. What is left stays pending. */
const TURN_MS = 5_000;

export interface ProximityJobDependencies {
  readonly redis: RedisClient;
  readonly store: ContactStore;
  readonly log: Logger;
  readonly now: () => number;
  /** Told of every minute: fixes and pairs that were stored, and how long finding and merging them took. */
  readonly onMinuteEvaluated?: (done: MinuteEvaluated) => void;
}

/** What one evaluation of a minute did. */
export interface MinuteEvaluated {
  readonly fixes: number;
  readonly pairs: number;
  readonly findingMs: number;
  readonly mergingMs: number;
}

/**
 * Evaluates what is pending in a venue, newest minutes first, until nothing is or its turn is over.
 * Safe to run anywhere, any number of times at once, and to be killed at any point.
 * @returns the newest minute that still waits, or null where none does
 */
export async function evaluateVenue(dependencies: ProximityJobDependencies, venueId: string): Promise<number | null> {
  const { redis, now } = dependencies;
  const turnEndsMs = now() + TURN_MS;
  let isOver = false;
  for (;;) {
    // Each time, for it says whether a device was erased: what is read after it holds that one no more.
    const record = await loadVenue(redis, venueId);
    if (record === null) return null;
    const minutes = await redis.zrange(record.keys.pending, "0", String(MINUTES_PER_LOOK - 1), "REV");
    if (minutes.length === 0) return null;
    if (isOver) return Number(minutes[0]);
    const states = await Promise.all(minutes.map((minute) => readMinuteState(redis, record, Number(minute))));
    for (const together of groupsOf(states)) {
      const outcomes = await Promise.all(together.map((state) => evaluate(dependencies, record, state)));
      if (outcomes.includes("gone")) return null;
      isOver = now() > turnEndsMs;
      if (isOver) break;
    }
  }
}

/** Brings the contacts of one minute up to the fixes it has now. */
export async function evaluateMinute(
  dependencies: ProximityJobDependencies,
  record: VenueRecord,
  minute: number,
): Promise<StoreOutcome> {
  return evaluate(dependencies, record, await readMinuteState(dependencies.redis, record, minute));
}

/** How far a minute has come: the fixes it has that are not evaluated, and its largest accuracy radius. */
interface MinuteState {
  readonly minute: number;
  readonly span: Span;
  readonly radiusM: number;
}

async function readMinuteState(redis: RedisClient, { keys }: VenueRecord, minute: number): Promise<MinuteState> {
  const [accepted, evaluated, radius] = await redis.hmget(keys.minute(minute), "n", "e", "r");
  return { minute, span: { from: Number(evaluated ?? 0), to: Number(accepted ?? 0) }, radiusM: Number(radius) };
}

/** Minutes in their order, as many together as may be evaluated side by side. */
function* groupsOf(states: readonly MinuteState[]): Generator<readonly MinuteState[]> {
  let group: MinuteState[] = [];
  let fixes = 0;
  for (const state of states) {
    fixes += state.span.to;
    if (group.length === MINUTES_AT_ONCE || (group.length > 0 && fixes > FIXES_AT_ONCE)) {
      yield group;
      group = [];
      fixes = state.span.to;
    }
    group.push(state);
  }
  if (group.length > 0) yield group;
}

async function evaluate(
  { redis, store, onMinuteEvaluated }: ProximityJobDependencies,
  record: VenueRecord,
  { minute, span, radiusM }: MinuteState,
): Promise<StoreOutcome> {
  const startedMs = performance.now();
  const newcomers = span.from < span.to ? await findNewcomers(redis, record, minute, span, radiusM) : [];
  const foundMs = performance.now();
  const { outcome, fixes, pairs } = await store.store(record, minute, span, newcomers);
  const findingMs = foundMs - startedMs;
  onMinuteEvaluated?.({ fixes, pairs, findingMs, mergingMs: performance.now() - foundMs });
  return outcome;
}
