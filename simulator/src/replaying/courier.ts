import type { FrameErrorCode } from "@encounter/core/wire/reply";
import type { Tally } from "../statistics/tally.ts";
import type { Frame } from "../transport/outbox.ts";
import { accountsForAll, outcomesOf, type Reply } from "../transport/outcomes.ts";
import { PositionsSocket, type SocketEvents, type SocketSettings } from "../transport/positions-socket.ts";
import { inFrames, RecentlyAccepted } from "../transport/recently-accepted.ts";
import type { Parcel } from "./parcel.ts";
import type { Refusals } from "./refusals.ts";

/** What was accepted in this time, and at most so much of it, is told again when the store went back in time. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_MOST = 200_000;
/** Frames that may wait besides those on their way, so that the next one is ready when an answer comes. */
const FRAMES_READY = 2;

/** What couriers of all venues report to. */
export interface CourierWitness {
  readonly tally: Tally;
  readonly refusals: Refusals;
  /** Something was answered. */
  onAnswer(): void;
  onRefused(reason: string): void;
  onConfused(message: string): void;
}

/** Carries the parcels of one venue, in their order, in frames, on one socket. */
export class Courier implements SocketEvents<Parcel> {
  readonly socket: PositionsSocket<Parcel>;
  private readonly witness: CourierWitness;
  private readonly fixesPerFrame: number;
  private readonly framesMost: number;
  private readonly recent = new RecentlyAccepted<Parcel>(REMEMBERED_MS, REMEMBERED_MOST);
  private held: Parcel[] = [];
  private hasRoom: (() => void) | null = null;

  constructor(settings: Omit<SocketSettings<Parcel>, "events">, fixesPerFrame: number, witness: CourierWitness) {
    this.witness = witness;
    this.fixesPerFrame = fixesPerFrame;
    this.framesMost = settings.window + FRAMES_READY;
    this.socket = new PositionsSocket({ ...settings, events: this });
  }

  /** Takes a parcel along; its frame goes when it is full or flushed. */
  take(parcel: Parcel): void {
    this.witness.tally.fixes++;
    if (!parcel.isJson) this.flush();
    this.held.push(parcel);
    if (!parcel.isJson || this.held.length >= this.fixesPerFrame) this.flush();
  }

  flush(): void {
    if (this.held.length === 0) return;
    this.socket.send(this.held);
    this.held = [];
  }

  /** Whether more than enough frames wait: whoever reads on now fills memory. */
  get isFull(): boolean {
    return this.socket.waiting > this.framesMost;
  }

  /** Waits until the courier is not full any more, or is let go. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.hasRoom = resolve;
    });
  }

  /** Ends the waiting for room. */
  letGo(): void {
    this.hasRoom?.();
    this.hasRoom = null;
  }

  sent(frame: Frame<Parcel>): void {
    const { tally } = this.witness;
    tally.frames++;
    tally.sent += frame.items.length;
    if (frame.again || frame.attempts > 1) tally.resent += frame.items.length;
  }

  answered(frame: Frame<Parcel>, reply: Reply): void {
    const { tally, refusals } = this.witness;
    const count = frame.items.length;
    if (!accountsForAll(reply, count))
      this.witness.onConfused(`counted ${JSON.stringify(reply.counts)} of ${count} fixes`);
    tally.answerTimes.add(performance.now() - frame.sentMs);
    const nowMs = Date.now();
    outcomesOf(reply, count).forEach((outcome, index) => {
      if (outcome === "accepted" || outcome === "unlisted") this.recent.add(frame.items[index]!, nowMs);
    });
    if (!frame.again) {
      tally.addOutcomes(reply.counts);
      tally.acknowledged += count;
      refusals.add(frame.items, reply);
    }
    this.progressed();
  }

  troubled(frame: Frame<Parcel>, code: FrameErrorCode, message: string): void {
    const { tally, refusals } = this.witness;
    if (code === "busy") tally.busy++;
    else if (code === "unknown") tally.unknown++;
    else {
      tally.badFrames++;
      tally.rejected += frame.items.length;
      refusals.addBadFrame(frame.items, message);
      this.progressed();
    }
  }

  confused(message: string): void {
    this.witness.tally.confusions++;
    this.witness.onConfused(message);
  }

  opened(isReconnect: boolean): void {
    this.witness.tally.connected++;
    if (isReconnect) this.witness.tally.reconnects++;
  }

  lost(reason: string, wasOpen: boolean): void {
    this.witness.tally.addLoss(reason);
    if (wasOpen) this.witness.tally.connected--;
  }

  refused(reason: string): void {
    this.witness.onRefused(reason);
  }

  epochChanged(epoch: string): void {
    this.witness.tally.newEpochs.add(epoch);
    this.socket.sendFirst(inFrames(this.recent.recent(), this.fixesPerFrame));
  }

  private progressed(): void {
    this.witness.onAnswer();
    if (!this.isFull) this.letGo();
  }
}
