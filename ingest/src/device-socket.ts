import type { Duplex } from "node:stream";
import type { Grant } from "@encounter/core/service/credential-store";
import { parseFrame } from "@encounter/core/wire/frame";
import { encodeFrameError, encodeReply, type FrameResult } from "@encounter/core/wire/reply";
import type { RawData, WebSocket } from "ws";
import { CloseCode } from "./close-code.ts";
import type { IngestLimits } from "./config.ts";
import { BusyError, type FixWriter, UnknownError, VenueGoneError } from "./fix-writer.ts";
import { type UnfinishedBytes, UnfinishedFrame } from "./unfinished-frame.ts";

/** A socket that is not read for its many unanswered frames is read again at this part of them. */
const RESUME_SHARE = 4;

/** A frame's place in the line of answers; null until it has one. */
interface Slot {
  reply: string | null;
}

/** What a socket needs of its surroundings. */
export interface DeviceSocketDependencies {
  readonly limits: IngestLimits;
  readonly unfinishedBytes: UnfinishedBytes;
  readonly writer: FixWriter;
  /** The store's epoch, or null while it is not known. */
  readonly epoch: () => string | null;
  /** Takes `count` fixes of the credential's rate; false where it is used up. */
  readonly takeRate: (grant: Grant, count: number) => boolean;
  readonly onAnswered: (result: FrameResult, latencyMs: number) => void;
  readonly onFrameError: (code: "bad_frame" | "busy" | "unknown") => void;
  readonly now: () => number;
}

/** One device's or gateway's socket: its frames are stored and answered in their order. */
export class DeviceSocket {
  private readonly socket: WebSocket;
  private readonly stream: Duplex;
  private readonly grant: Grant;
  private readonly dependencies: DeviceSocketDependencies;
  private readonly slots: Slot[] = [];
  private isPaused = false;
  private isClosing = false;
  private isCorked = false;
  private emptied: (() => void) | null = null;
  private readonly unfinished: UnfinishedFrame;
  private lastFrameMs = performance.now();
  /** Whether the device answered since it was last asked. */
  isAlive = true;

  /** @param stream what the socket's frames are written to */
  constructor(socket: WebSocket, stream: Duplex, grant: Grant, dependencies: DeviceSocketDependencies) {
    this.socket = socket;
    this.stream = stream;
    this.grant = grant;
    this.dependencies = dependencies;
    this.unfinished = new UnfinishedFrame(socket, stream, dependencies.unfinishedBytes, () => this.boundUnfinished());
    socket.on("message", (data, isBinary) => this.receive(data, isBinary));
    socket.on("pong", () => {
      this.isAlive = true;
    });
    // A broken frame (too big, not UTF-8, bad header) closes the socket with its code; there is nobody else to tell.
    socket.on("error", () => {});
  }

  /** Asks the device whether it is still there; a device that did not answer the last time is cut off. */
  ping(): void {
    if (!this.isAlive) {
      this.socket.terminate();
      return;
    }
    this.isAlive = false;
    this.socket.ping();
  }

  /** Sends away a device that has nothing to say, or takes too long to say it. @param nowMs of the monotonic clock */
  check(nowMs: number): void {
    if (this.isClosing || this.isPaused) return;
    const { idleSocketMs, frameTimeoutMs } = this.dependencies.limits;
    if (this.unfinished.ageMs(nowMs) > frameTimeoutMs) this.close(CloseCode.policy, "a frame took too long");
    else if (nowMs - this.lastFrameMs > idleSocketMs) void this.finish(CloseCode.policy, "no frame for too long");
  }

  private boundUnfinished(): void {
    const { unfinishedBytes, limits } = this.dependencies;
    if (this.isClosing || unfinishedBytes.total <= limits.unfinishedBytesMax) return;
    this.close(CloseCode.overloaded, "too many unfinished frames");
  }

  close(code: number, reason: string): void {
    this.isClosing = true;
    this.socket.close(code, reason);
  }

  /** Reads no further frames, waits until those read are answered, then closes. */
  async finish(code: number, reason: string): Promise<void> {
    this.isClosing = true;
    if (this.slots.length > 0) {
      await new Promise<void>((resolve) => {
        this.emptied = resolve;
        this.socket.once("close", resolve);
      });
    }
    this.socket.close(code, reason);
  }

  private receive(data: RawData, isBinary: boolean): void {
    this.unfinished.end();
    this.lastFrameMs = performance.now();
    if (this.isClosing) return;
    if (isBinary) {
      void this.finish(CloseCode.binaryFrame, "frames are text");
      return;
    }
    const bytes = data as Buffer;
    const frame = parseFrame(bytes.toString("utf8"));
    const fixCount = "trouble" in frame ? 1 : Math.max(1, frame.fixes.length);
    if (!this.dependencies.takeRate(this.grant, fixCount)) {
      void this.finish(CloseCode.rate, "too many fixes for this credential");
      return;
    }
    const slot: Slot = { reply: null };
    this.slots.push(slot);
    if ("trouble" in frame) {
      this.dependencies.onFrameError("bad_frame");
      this.answer(slot, encodeFrameError({ code: "bad_frame", message: frame.trouble }, null));
    } else {
      this.store(slot, frame.batch, frame.fixes, bytes.length);
    }
    this.pauseWhenFull();
  }

  private store(slot: Slot, batch: string | null, fixes: readonly unknown[], bytes: number): void {
    const { writer, epoch, now } = this.dependencies;
    if (epoch() === null) {
      this.refuse(slot, batch, new BusyError("the store is away"));
      return;
    }
    const startedMs = now();
    writer.submit(this.grant, batch, fixes, bytes, (result) => {
      const known = epoch();
      if (result instanceof Error) this.refuse(slot, batch, result);
      else if (known === null) this.refuse(slot, batch, new UnknownError("the store went away"));
      else {
        this.dependencies.onAnswered(result, now() - startedMs);
        this.answer(slot, encodeReply(result, known));
      }
    });
  }

  private refuse(slot: Slot, batch: string | null, error: Error): void {
    if (error instanceof VenueGoneError) {
      this.close(CloseCode.credentialDead, "the venue is gone");
      return;
    }
    const code = error instanceof BusyError ? "busy" : "unknown";
    const retryAfterMs = error instanceof BusyError || error instanceof UnknownError ? error.retryAfterMs : 1_500;
    this.dependencies.onFrameError(code);
    this.answer(slot, encodeFrameError({ code, retryAfterMs }, batch));
  }

  /** Gives a frame its answer; answers leave in the order of their frames. */
  private answer(slot: Slot, reply: string): void {
    slot.reply = reply;
    let sent = 0;
    while (sent < this.slots.length && (this.slots[sent] as Slot).reply !== null) {
      this.send((this.slots[sent] as Slot).reply as string);
      sent += 1;
    }
    if (sent > 0) this.slots.splice(0, sent);
    if (this.socket.bufferedAmount > this.dependencies.limits.unreadBytesPerSocketMax) {
      this.close(CloseCode.policy, "answers are not read");
    }
    this.resumeWhenAnswered();
  }

  /** Answers of one turn of the event loop leave in one write: a stored batch answers many frames at once. */
  private send(reply: string): void {
    if (!this.isCorked) {
      this.isCorked = true;
      this.stream.cork();
      process.nextTick(() => {
        this.isCorked = false;
        this.stream.uncork();
      });
    }
    this.socket.send(reply);
  }

  private pauseWhenFull(): void {
    if (this.isPaused || this.slots.length < this.dependencies.limits.unansweredFramesPerSocketMax) return;
    this.isPaused = true;
    this.socket.pause();
  }

  private resumeWhenAnswered(): void {
    const resumeAt = this.dependencies.limits.unansweredFramesPerSocketMax / RESUME_SHARE;
    if (this.isPaused && this.slots.length <= resumeAt) {
      this.isPaused = false;
      this.socket.resume();
    }
    if (this.slots.length === 0) this.emptied?.();
  }
}
