import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";

/** Bytes of unfinished frames of all sockets. */
export interface UnfinishedBytes {
  total: number;
}

/** A control frame from a client: two bytes of header, four of mask, and what it carries. */
const CONTROL_FRAME_BYTES = 6;

/**
 * Counts what has come of a frame that is not all there yet: memory that a device can hold without ever sending a
 * frame. A frame that begins in the bytes that ended the one before is counted from its next bytes on.
 */
export class UnfinishedFrame {
  private readonly all: UnfinishedBytes;
  private bytes = 0;
  private begunMs = 0;

  /** @param onGrow called whenever there is more of it */
  constructor(socket: WebSocket, stream: Duplex, all: UnfinishedBytes, onGrow: () => void) {
    this.all = all;
    // Before the socket reads them: what it finds in them is told after that.
    stream.prependListener("data", (chunk: Buffer) => {
      if (this.bytes === 0) this.begunMs = performance.now();
      this.add(chunk.length);
      onGrow();
    });
    for (const event of ["ping", "pong"] as const) {
      socket.on(event, (data: Buffer) => this.add(-Math.min(this.bytes, CONTROL_FRAME_BYTES + data.length)));
    }
    socket.once("close", () => this.end());
  }

  /** How long the frame has been coming, ms; 0 where none is. */
  ageMs(nowMs: number): number {
    return this.bytes === 0 ? 0 : nowMs - this.begunMs;
  }

  /** The frame is complete. */
  end(): void {
    this.add(-this.bytes);
  }

  private add(bytes: number): void {
    this.bytes += bytes;
    this.all.total += bytes;
  }
}
