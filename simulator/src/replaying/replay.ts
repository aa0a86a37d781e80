import type { Tally } from "../statistics/tally.ts";
import type { Courier } from "./courier.ts";
import { linesOf } from "./ndjson-lines.ts";
import type { Pacer } from "./pacer.ts";
import { parcelOf } from "./parcel.ts";
import { type RecordedLine, readLine } from "./recording.ts";

/** Waits shorter than this are not worth a timer, ms. */
const SHORTEST_WAIT_MS = 5;
/** How often it is looked whether answers are overdue, ms. */
const WATCH_MS = 500;

/** What a replay runs on. */
export interface ReplayParts {
  readonly file: string;
  /** Given to all fixes, null to leave them theirs. */
  readonly venueId: string | null;
  readonly shiftMs: number;
  readonly sendBad: boolean;
  readonly pacer: Pacer;
  /** By venue. */
  readonly couriers: ReadonlyMap<string, Courier>;
  readonly tally: Tally;
  /** Nothing acknowledged for so long: give up. */
  readonly giveUpMs: number;
}

/** Reads a file once more and sends it, venue by venue in the order of its lines. */
export class Replay {
  /** How far the file has been read. */
  bytesRead = 0;
  /** The last line that was taken along. */
  line = 0;
  /** Time of the newest fix taken along, as recorded; ms, NaN before the first. */
  newestMs = Number.NaN;
  private readonly parts: ReplayParts;
  private readonly watch: NodeJS.Timeout;
  private lastAnswerMs = performance.now();
  private isStopped = false;
  /** Set when all is sent and only answers are waited for. */
  private isSettling = false;
  private wake: (() => void) | null = null;

  constructor(parts: ReplayParts) {
    this.parts = parts;
    this.watch = setInterval(() => this.look(), WATCH_MS);
  }

  /** Sends the file and waits for the answers. @returns whether every fix was sent and has its outcome */
  async run(): Promise<boolean> {
    for (const { socket } of this.parts.couriers.values()) socket.connect();
    const isRead = await this.sendFile();
    for (const courier of this.parts.couriers.values()) courier.flush();
    this.isSettling = true;
    while (this.parts.tally.outstanding > 0 && !this.isStopped) await this.sleep(WATCH_MS);
    clearInterval(this.watch);
    for (const { socket } of this.parts.couriers.values()) socket.stop();
    return isRead && this.parts.tally.outstanding === 0;
  }

  /** Told of every answer. */
  answered(): void {
    this.lastAnswerMs = performance.now();
    if (this.isSettling && this.parts.tally.outstanding === 0) this.wake?.();
  }

  /** Ends the replay where it is. */
  stop(): void {
    this.isStopped = true;
    this.wake?.();
    for (const courier of this.parts.couriers.values()) courier.letGo();
  }

  private async sendFile(): Promise<boolean> {
    const noteBytes = (bytes: number) => {
      this.bytesRead = bytes;
    };
    for await (const lines of linesOf(this.parts.file, noteBytes)) {
      for (const line of lines) {
        const recorded = readLine(line, this.parts.venueId);
        if ("reason" in recorded && !this.parts.sendBad) continue;
        const waiting = this.due(recorded);
        if (waiting !== null) await waiting;
        const full = this.take(recorded);
        if (full !== null) await full.room();
        if (this.isStopped) return false;
      }
    }
    return true;
  }

  /** Null where a line is due at once: that is most of them, and none should wait for the event loop. */
  private due(recorded: RecordedLine): Promise<void> | null {
    if ("reason" in recorded) return null;
    const { timestamp } = recorded.fix;
    if (!(timestamp <= this.newestMs)) this.newestMs = timestamp;
    const waitMs = this.parts.pacer.waitMs(timestamp, performance.now());
    if (waitMs < SHORTEST_WAIT_MS) return null;
    for (const courier of this.parts.couriers.values()) courier.flush();
    return this.sleep(waitMs);
  }

  /** Gives a line to its courier. @returns the courier where it has enough for now */
  private take(recorded: RecordedLine): Courier | null {
    const courier = this.courierFor(recorded);
    const parcel = parcelOf(recorded, this.parts.shiftMs);
    if (courier === undefined || parcel === null) return null;
    // Nothing was waited for as long as nothing was on its way.
    if (this.parts.tally.outstanding === 0) this.lastAnswerMs = performance.now();
    this.line = recorded.number;
    courier.take(parcel);
    return courier.isFull ? courier : null;
  }

  /** What names no known venue goes with the first courier: somebody has to be told that it is wrong. */
  private courierFor(recorded: RecordedLine): Courier | undefined {
    const { couriers } = this.parts;
    const venueId =
      "fix" in recorded ? recorded.fix.venue_id : (recorded.value as { venue_id?: unknown } | null)?.venue_id;
    return couriers.get(String(venueId)) ?? couriers.values().next().value;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }

  private look(): void {
    const nowMs = performance.now();
    for (const { socket } of this.parts.couriers.values()) socket.sweep(nowMs);
    const isOverdue = this.parts.tally.outstanding > 0 && nowMs - this.lastAnswerMs > this.parts.giveUpMs;
    if (isOverdue) this.stop();
  }
}
