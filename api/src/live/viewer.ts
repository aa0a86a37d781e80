import type { IncomingMessage } from "node:http";
import type { LiveHello, LiveRecovered, LiveTrouble } from "@encounter/core/wire/live";
import type { WebSocket } from "ws";

/** What there is to tell all viewers of a venue, as of the last tick. */
export interface Feed {
  readonly hello: LiveHello | null;
  readonly helloRevision: number;
  readonly troubleSinceMs: number | null;
  readonly sequence: number;
  readonly previous: number;
  readonly change: Uint8Array | null;
  snapshot(): Uint8Array;
}

/** Pings that may go unanswered before a viewer counts as dead: one may wait behind a long frame. */
const PINGS_UNANSWERED_MAX = 2;

const NOTHING_TOLD = { helloRevision: 0, sequence: -1, troubleSinceMs: null as number | null };

/**
 * One viewer's socket. Nothing is ever queued for it: while it has not taken what it was sent, it is sent nothing,
 * and then gets whatever leads from what it was last told to the state of that moment.
 */
export class Viewer {
  /** The request it came with, for asking again who it is. */
  readonly request: IncomingMessage;
  private readonly socket: WebSocket;
  private told = { ...NOTHING_TOLD };
  private pingsUnanswered = 0;

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket;
    this.request = request;
    socket.on("pong", () => {
      this.pingsUnanswered = 0;
    });
    // The close that follows says all there is to do.
    socket.on("error", () => {});
  }

  onClose(listener: () => void): void {
    this.socket.once("close", listener);
  }

  /** Brings the viewer up to date, if it can take anything. */
  update(feed: Feed): void {
    if (this.socket.readyState !== this.socket.OPEN || this.socket.bufferedAmount > 0) return;
    this.tellTrouble(feed.troubleSinceMs);
    if (feed.hello === null || feed.troubleSinceMs !== null) return;
    if (this.told.helloRevision !== feed.helloRevision) {
      this.tell(feed.hello);
      this.told.helloRevision = feed.helloRevision;
      this.told.sequence = -1;
    }
    this.tellState(feed);
  }

  private tellTrouble(sinceMs: number | null): void {
    if (this.told.troubleSinceMs === sinceMs) return;
    this.told.troubleSinceMs = sinceMs;
    this.tell(sinceMs === null ? { type: "recovered" } : { type: "trouble", since: sinceMs });
  }

  private tellState(feed: Feed): void {
    const canFollow = this.told.sequence === feed.previous;
    this.socket.send((canFollow ? feed.change : null) ?? feed.snapshot(), { binary: true });
    this.told.sequence = feed.sequence;
  }

  private tell(text: LiveHello | LiveTrouble | LiveRecovered): void {
    this.socket.send(JSON.stringify(text));
  }

  /** Asks for a sign of life, and gives the viewer up where the last ones did not come. */
  ping(): void {
    this.pingsUnanswered++;
    if (this.pingsUnanswered > PINGS_UNANSWERED_MAX) this.socket.terminate();
    else this.socket.ping();
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }
}
