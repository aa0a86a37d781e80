import type { FrameErrorCode } from "@encounter/core/wire/reply";
import type { Frame } from "../transport/outbox.ts";
import { accountsForAll, type FixOutcome, outcomesOf, type Reply } from "../transport/outcomes.ts";
import { PositionsSocket, type SocketEvents, type SocketSettings } from "../transport/positions-socket.ts";
import { inFrames, RecentlyAccepted } from "../transport/recently-accepted.ts";
import type { Random } from "../world/random.ts";
import type { SimulatedFix } from "./simulated-fix.ts";

/** How badly the network and the devices behave. */
interface Misbehaviour {
  /** Share of frames after which the connection breaks before the answer is in. */
  readonly dropout: number;
  /** How long a device stays away after that, ms: from nothing to twice this. */
  readonly outageMs: number;
  /** Share of answered frames that are sent once more all the same. */
  readonly resend: number;
}

/** What a reporter needs besides its socket's settings. */
export interface ReporterSettings {
  readonly socket: Omit<SocketSettings<SimulatedFix>, "events">;
  readonly misbehaviour: Misbehaviour;
  /** Most fixes in a frame. */
  readonly fixesPerFrame: number;
  readonly random: Random;
  readonly observer: Observer;
}

/** Those who count and check what happens on all sockets. */
export interface Observer {
  sent(frame: Frame<SimulatedFix>): void;
  answered(frame: Frame<SimulatedFix>, reply: Reply, outcomes: readonly FixOutcome[]): void;
  troubled(frame: Frame<SimulatedFix>, code: FrameErrorCode, message: string): void;
  /** The server did something that no server should do. */
  confused(message: string): void;
  opened(isReconnect: boolean): void;
  lost(reason: string, wasOpen: boolean): void;
  refused(reason: string): void;
  /** The store went back in time: these fixes are sent again. */
  wentBack(fixes: readonly SimulatedFix[], epoch: string): void;
}

/** How much of what was accepted a device tells again when the store went back in time, ms of its fixes' time. */
const REMEMBERED_MS = 5 * 60_000;

/** A device or gateway that reports on a socket of its own, through dropouts, resends and changes of epoch. */
export class Reporter implements SocketEvents<SimulatedFix> {
  readonly socket: PositionsSocket<SimulatedFix>;
  private readonly settings: ReporterSettings;
  private readonly recent = new RecentlyAccepted<SimulatedFix>(REMEMBERED_MS);

  constructor(settings: ReporterSettings) {
    this.settings = settings;
    this.socket = new PositionsSocket({ ...settings.socket, events: this });
  }

  sent(frame: Frame<SimulatedFix>): void {
    const { misbehaviour, random, observer } = this.settings;
    observer.sent(frame);
    if (misbehaviour.dropout > 0 && random.next() < misbehaviour.dropout) {
      this.socket.breakOff(random.next() * 2 * misbehaviour.outageMs);
    }
  }

  answered(frame: Frame<SimulatedFix>, reply: Reply): void {
    const { misbehaviour, random, observer } = this.settings;
    const outcomes = outcomesOf(reply, frame.items.length);
    if (!accountsForAll(reply, frame.items.length)) {
      observer.confused(`counted ${JSON.stringify(reply.counts)} in a frame of ${frame.items.length} fixes`);
    }
    observer.answered(frame, reply, outcomes);
    outcomes.forEach((outcome, index) => {
      const fix = frame.items[index]!;
      if (outcome === "accepted") this.recent.add(fix, fix.fixTimeMs);
    });
    if (!frame.again && misbehaviour.resend > 0 && random.next() < misbehaviour.resend) {
      this.socket.send(frame.items, true);
    }
  }

  epochChanged(epoch: string): void {
    const fixes = this.recent.recent();
    this.settings.observer.wentBack(fixes, epoch);
    this.socket.sendFirst(inFrames(fixes, this.settings.fixesPerFrame));
  }

  troubled(frame: Frame<SimulatedFix>, code: FrameErrorCode, message: string): void {
    this.settings.observer.troubled(frame, code, message);
  }

  confused(message: string): void {
    this.settings.observer.confused(`sent what is no answer: ${message}`);
  }

  opened(isReconnect: boolean): void {
    this.settings.observer.opened(isReconnect);
  }

  lost(reason: string, wasOpen: boolean): void {
    this.settings.observer.lost(reason, wasOpen);
  }

  refused(reason: string): void {
    this.settings.observer.refused(reason);
  }
}
