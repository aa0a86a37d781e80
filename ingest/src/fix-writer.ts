import type { Fix } from "@encounter/core/domain/fix";
import type { Logger } from "@encounter/core/service/log";
import type { Pseudonyms } from "@encounter/core/service/pseudonyms";
import type { RedisClient } from "@encounter/core/service/redis";
import { defineScript, didNothing, type RunScript } from "@encounter/core/service/script";
import { loadVenue, type VenueRecord } from "@encounter/core/service/venue-store";
import { ACCEPT_SCRIPT, acceptKeys } from "@encounter/core/storage/accept-script";
import { BatchBuilder } from "@encounter/core/storage/batch";
import { venueRecordKey } from "@encounter/core/storage/keys";
import type { FrameResult, Refusal } from "@encounter/core/wire/reply";
import type { IngestLimits } from "./config.ts";
import { judge, type Speaker } from "./judge.ts";

/** The frame was not stored: too much is waiting, or the store is away. */
export class BusyError extends Error {
  override readonly name = "BusyError";
  readonly retryAfterMs = RETRY_AFTER_MS;
}

/** The store did not answer in time: the frame may or may not be stored. */
export class UnknownError extends Error {
  override readonly name = "UnknownError";
  readonly retryAfterMs = RETRY_AFTER_MS;
}

/** The venue that the credential speaks for is gone. */
export class VenueGoneError extends Error {
  override readonly name = "VenueGoneError";
}

const RETRY_AFTER_MS = 1_500;
/** Most fixes of one script call: it holds Redis up for some 5 ms. Never less than a frame's. */
const BATCH_FIXES_MAX = 2_000;
/** Script calls of one venue under way at once: while they are, further frames gather into larger ones. */
const CALLS_IN_FLIGHT_MAX = 4;
/** How long the record of a venue that sends nothing is kept, ms. */
const VENUE_IDLE_MS = 60_000;

/** Who sends a frame. */
export interface FrameSender extends Speaker {
  readonly incarnation: string;
}

interface PendingFrame {
  /** Its place in the order of arrival. */
  readonly order: number;
  readonly sender: FrameSender;
  readonly batch: string | null;
  readonly fixes: readonly unknown[];
  readonly bytes: number;
  readonly done: (result: FrameResult | Error) => void;
}

interface VenueQueue {
  readonly venueId: string;
  record: VenueRecord | null;
  frames: PendingFrame[];
  callsInFlight: number;
  loading: boolean;
  /** Fixes taken and not yet answered. */
  waitingFixes: number;
  lastUsedMs: number;
}

export interface FixWriterDependencies {
  readonly redis: RedisClient;
  readonly log: Logger;
  readonly limits: IngestLimits;
  readonly pseudonyms: Pseudonyms;
  readonly now: () => number;
  /** Told after fixes of a venue were accepted, with the newest minute among them. */
  readonly onAccepted: (venueId: string, minute: number) => void;
}

/**
 * Stores frames. Those that arrive in one turn of the event loop, from any number of senders, go to Redis in one
 * script call per venue; frames of one venue are stored in the order of their arrival.
 */
export class FixWriter {
  private readonly dependencies: FixWriterDependencies;
  private readonly runAccept: RunScript;
  private readonly queues = new Map<string, VenueQueue>();
  private readonly dirty = new Set<VenueQueue>();
  private isFlushPlanned = false;
  private framesTaken = 0;
  private idleWaiters: (() => void)[] = [];
  private readonly sweepTimer: NodeJS.Timeout;
  /** Frames, fixes and bytes taken and not yet answered. */
  waitingFrames = 0;
  waitingFixes = 0;
  waitingBytes = 0;

  constructor(dependencies: FixWriterDependencies) {
    this.dependencies = dependencies;
    this.runAccept = defineScript(dependencies.redis, "encounterAccept", ACCEPT_SCRIPT);
    this.sweepTimer = setInterval(() => this.dropIdleQueues(), VENUE_IDLE_MS);
    this.sweepTimer.unref();
  }

  /** Stores a frame and calls `done` with what became of it, or with a Busy-, Unknown- or VenueGoneError. */
  submit(
    sender: FrameSender,
    batch: string | null,
    fixes: readonly unknown[],
    bytes: number,
    done: (result: FrameResult | Error) => void,
  ): void {
    const { limits, redis } = this.dependencies;
    const isFull =
      this.waitingFixes + fixes.length > limits.queuedFixesMax ||
      this.waitingFrames >= limits.queuedFramesMax ||
      this.waitingBytes + bytes > limits.queuedBytesMax ||
      (this.queues.get(sender.venueId)?.waitingFixes ?? 0) + fixes.length > limits.queuedFixesPerVenueMax;
    if (isFull || redis.status !== "ready") {
      done(new BusyError(isFull ? "too many fixes are waiting" : "the store is away"));
      return;
    }
    this.waitingFrames += 1;
    this.waitingFixes += fixes.length;
    this.waitingBytes += bytes;
    const queue = this.queueOf(sender.venueId);
    queue.waitingFixes += fixes.length;
    queue.frames.push({ order: this.framesTaken++, sender, batch, fixes, bytes, done });
    this.plan(queue);
  }

  /** {@link submit} as a promise, for senders of single frames. */
  store(sender: FrameSender, batch: string | null, fixes: readonly unknown[], bytes: number): Promise<FrameResult> {
    return new Promise((resolve, reject) => {
      this.submit(sender, batch, fixes, bytes, (result) =>
        result instanceof Error ? reject(result) : resolve(result),
      );
    });
  }

  /** Resolves when everything taken so far is answered. */
  async drained(): Promise<void> {
    if (this.waitingFrames === 0) return;
    await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  stop(): void {
    clearInterval(this.sweepTimer);
  }

  private queueOf(venueId: string): VenueQueue {
    let queue = this.queues.get(venueId);
    if (queue === undefined) {
      queue = { venueId, record: null, frames: [], callsInFlight: 0, loading: false, waitingFixes: 0, lastUsedMs: 0 };
      this.queues.set(venueId, queue);
    }
    queue.lastUsedMs = this.dependencies.now();
    return queue;
  }

  private plan(queue: VenueQueue): void {
    this.dirty.add(queue);
    if (this.isFlushPlanned) return;
    this.isFlushPlanned = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.isFlushPlanned = false;
    const queues = [...this.dirty];
    this.dirty.clear();
    for (const queue of queues) this.flushQueue(queue);
  }

  private flushQueue(queue: VenueQueue): void {
    if (queue.record === null) {
      void this.loadRecord(queue);
      return;
    }
    while (queue.frames.length > 0 && queue.callsInFlight < CALLS_IN_FLIGHT_MAX && queue.record !== null) {
      void this.storeBatch(queue, queue.record, takeBatch(queue.frames));
    }
  }

  private async loadRecord(queue: VenueQueue): Promise<void> {
    if (queue.loading) return;
    queue.loading = true;
    try {
      const record = await loadVenue(this.dependencies.redis, queue.venueId);
      if (record !== null) this.dependencies.pseudonyms.check(record);
      queue.record = record;
      if (queue.record === null) this.failAll(queue, new VenueGoneError("the venue is gone"));
    } catch (error) {
      this.dependencies.log.warn({ reason: (error as Error).message }, "venue could not be read");
      this.failAll(queue, new BusyError("the venue cannot be served now"));
    } finally {
      queue.loading = false;
    }
    if (queue.frames.length > 0) this.plan(queue);
  }

  private failAll(queue: VenueQueue, error: Error): void {
    for (const frame of queue.frames.splice(0)) this.finish(queue, frame, error);
  }

  private async storeBatch(queue: VenueQueue, record: VenueRecord, frames: PendingFrame[]): Promise<void> {
    const { pseudonyms, now } = this.dependencies;
    const batch = new JudgedBatch(record, frames, now(), (deviceId) => pseudonyms.of(record, deviceId));
    queue.callsInFlight += 1;
    try {
      const answer = batch.isEmpty ? await this.confirm(record) : await this.callScript(record, batch);
      if (answer === null) {
        // The venue changed meanwhile: what was judged by the old settings is judged again by the new ones.
        queue.record = null;
        queue.frames = [...frames, ...queue.frames].sort((a, b) => a.order - b.order);
        return;
      }
      const results = batch.results(answer);
      for (let i = 0; i < frames.length; i++) {
        this.finish(queue, frames[i] as PendingFrame, results[i] as FrameResult | Error);
      }
      if (answer.includes("1")) this.dependencies.onAccepted(queue.venueId, batch.newestMinute());
    } catch (error) {
      const failure = didNothing(error)
        ? new BusyError("the store refused")
        : new UnknownError("the store did not answer");
      this.dependencies.log.warn({ reason: (error as Error).message, outcome: failure.name }, "batch not confirmed");
      for (const frame of frames) this.finish(queue, frame, failure);
    } finally {
      queue.callsInFlight -= 1;
      if (queue.frames.length > 0) this.plan(queue);
    }
  }

  /** Where nothing is left to store, the verdicts still have to be by the venue's settings of now. */
  private async confirm(record: VenueRecord): Promise<string | null> {
    const version = await this.dependencies.redis.hget(venueRecordKey(record.venueId), "version");
    return version === record.version ? "" : null;
  }

  private async callScript(record: VenueRecord, batch: JudgedBatch): Promise<string | null> {
    const { kept } = batch;
    const repeatedWithin = batch.newestRepeats();
    const keys = acceptKeys(venueRecordKey(record.venueId), record.keys, kept.layout());
    const answer = await this.runAccept(keys, [
      record.version,
      asBuffer(kept.encode()),
      record.settings.retention_days * 86_400,
      repeatedWithin.count === 0 ? "" : asBuffer(repeatedWithin.encode()),
      batch.repeatCount,
    ]);
    return typeof answer === "string" ? answer : null;
  }

  private finish(queue: VenueQueue, frame: PendingFrame, result: FrameResult | Error): void {
    queue.waitingFixes -= frame.fixes.length;
    this.waitingFrames -= 1;
    this.waitingFixes -= frame.fixes.length;
    this.waitingBytes -= frame.bytes;
    frame.done(result);
    if (this.waitingFrames > 0) return;
    for (const resolve of this.idleWaiters.splice(0)) resolve();
  }

  private dropIdleQueues(): void {
    const before = this.dependencies.now() - VENUE_IDLE_MS;
    for (const [venueId, queue] of this.queues) {
      const isIdle = queue.frames.length === 0 && queue.callsInFlight === 0 && !queue.loading;
      if (isIdle && queue.lastUsedMs < before) this.queues.delete(venueId);
    }
  }
}

/** Takes frames off the front of a queue, whole ones, up to a batch's size. */
function takeBatch(frames: PendingFrame[]): PendingFrame[] {
  let fixes = 0;
  let end = 0;
  for (; end < frames.length; end++) {
    fixes += (frames[end] as PendingFrame).fixes.length;
    if (end > 0 && fixes > BATCH_FIXES_MAX) break;
  }
  return frames.splice(0, end);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where a fix of a batch came from. */
interface Origin {
  readonly frame: number;
  readonly index: number;
}

interface Tally {
  accepted: number;
  readonly repeated: number[];
  readonly refusals: Refusal[];
}

/** Frames judged by one state of the venue, ready for the script. */
class JudgedBatch {
  readonly kept = new BatchBuilder<Origin>();
  private readonly frames: readonly PendingFrame[];
  private readonly nameOf: (deviceId: string) => string;
  private readonly tallies: (Tally | VenueGoneError)[];
  private readonly repeats: { readonly fix: Fix; readonly origin: Origin }[] = [];

  constructor(
    record: VenueRecord,
    frames: readonly PendingFrame[],
    nowMs: number,
    nameOf: (deviceId: string) => string,
  ) {
    this.frames = frames;
    this.nameOf = nameOf;
    this.tallies = frames.map((frame, at) =>
      frame.sender.incarnation === record.incarnation
        ? this.judgeFrame(frame, at, record, nowMs)
        : new VenueGoneError("the venue is gone"),
    );
  }

  private judgeFrame(frame: PendingFrame, at: number, record: VenueRecord, nowMs: number): Tally {
    const tally: Tally = { accepted: 0, repeated: [], refusals: [] };
    for (let index = 0; index < frame.fixes.length; index++) {
      const judged = judge(frame.fixes[index], index, frame.sender, record.settings, nowMs, this.nameOf);
      if ("outcome" in judged) tally.refusals.push(judged);
      else this.keep(judged, { frame: at, index });
    }
    return tally;
  }

  private keep(fix: Fix, origin: Origin): void {
    if (this.kept.add(fix, origin)) return;
    this.repeats.push({ fix, origin });
  }

  /** Fixes whose device had one in that minute of this batch already. */
  get repeatCount(): number {
    return this.repeats.length;
  }

  /** The newest of those for each device: what the live map shows of them. */
  newestRepeats(): BatchBuilder {
    const newest = new Map<string, Fix>();
    for (const { fix } of this.repeats) {
      const known = newest.get(fix.deviceId);
      if (known === undefined || known.fixTimeMs <= fix.fixTimeMs) newest.set(fix.deviceId, fix);
    }
    const builder = new BatchBuilder();
    for (const fix of newest.values()) builder.add(fix, undefined);
    return builder;
  }

  get isEmpty(): boolean {
    return this.kept.count === 0;
  }

  newestMinute(): number {
    return this.kept.newestMinute();
  }

  /** What became of each frame, given the script's answer. */
  results(answer: string): (FrameResult | VenueGoneError)[] {
    const origins = this.kept.tags();
    for (let i = 0; i < origins.length; i++) {
      const origin = origins[i] as Origin;
      const tally = this.tallies[origin.frame] as Tally;
      if (answer.charCodeAt(i) === 49) tally.accepted += 1;
      else tally.repeated.push(origin.index);
    }
    for (const { origin } of this.repeats) {
      (this.tallies[origin.frame] as Tally).repeated.push(origin.index);
    }
    return this.tallies.map((tally, at) => {
      if (tally instanceof VenueGoneError) return tally;
      tally.repeated.sort((a, b) => a - b);
      return { batch: (this.frames[at] as PendingFrame).batch, ...tally };
    });
  }
}
