import type { IncomingMessage } from "node:http";
import type { LiveHello, LiveText } from "@encounter/core/wire/live";
import type { WebSocket } from "ws";
import { CloseCode } from "./close-code.ts";
import { type Look, type LookTexts, parseLook } from "./look.ts";
import type { Naming } from "./naming.ts";

/** What there is to tell all viewers of a venue, as of the last tick. */
export interface Feed {
  readonly hello: LiveHello | null;
  readonly helloRevision: number;
  readonly troubleSinceMs: number | null;
  readonly sequence: number;
  readonly previous: number;
  /** The measure of a look, or null where its lines are not there. */
  measureFor(look: Look): string | null;
  /** @param comesAnew whether lines of another measure were told before; null where only a snapshot leads on */
  change(measure: string, comesAnew: boolean, naming: Naming): Uint8Array | null;
  snapshot(measure: string, naming: Naming): Uint8Array;
}

/** As what a viewer is let in: asked again while it watches. */
export interface ViewerAdmission {
  readonly request: IncomingMessage;
  readonly venueId: string;
  readonly areNamesShown: boolean;
}

/** Pings that may go unanswered before a viewer counts as dead: one may wait behind a long frame. */
const PINGS_UNANSWERED_MAX = 2;

const NOTHING_TOLD = {
  helloRevision: 0,
  sequence: -1,
  troubleSinceMs: null as number | null,
  measure: null as string | null,
};

/**
 * One viewer's socket. Nothing is ever queued for it: while it has not taken what it was sent, it is sent nothing,
 * and then gets whatever leads from what it was last told to the state of that moment.
 */
export class Viewer {
  readonly admission: ViewerAdmission;
  /** By which measure it wants its lines. */
  look: Look;
  /** By which measure it is shown them: the lines of one that it has wished for since then are not there yet. */
  shown: Look | null = null;
  private readonly socket: WebSocket;
  private told = { ...NOTHING_TOLD };
  private refusal: string | null = null;
  private pingsUnanswered = 0;

  constructor(socket: WebSocket, admission: ViewerAdmission, look: Look) {
    this.socket = socket;
    this.admission = admission;
    this.look = look;
    socket.on("pong", () => {
      this.pingsUnanswered = 0;
    });
    // The close that follows says all there is to do.
    socket.on("error", () => {});
  }

  onClose(listener: () => void): void {
    this.socket.once("close", listener);
  }

  /** Hears each wish to look by another measure. Whoever says anything else is sent away. */
  onLook(listener: (texts: LookTexts) => void): void {
    this.socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (this.socket.readyState !== this.socket.OPEN) return;
      const texts = isBinary ? null : parseLook(data.toString());
      if (texts === null) this.close(CloseCode.policy, "a viewer says how it looks, and nothing else");
      else listener(texts);
    });
  }

  /** Lets it know, with the next update, that a wish was not granted: all stays as it is. */
  refuse(message: string): void {
    this.refusal = message;
  }

  /** Whether it has not yet taken what it was sent. */
  get isBehind(): boolean {
    return this.socket.bufferedAmount > 0;
  }

  /** Brings the viewer up to date, if it can take anything. */
  update(feed: Feed): void {
    if (this.socket.readyState !== this.socket.OPEN || this.isBehind) return;
    this.tellTrouble(feed.troubleSinceMs);
    if (feed.hello === null || feed.troubleSinceMs !== null) return;
    if (this.told.helloRevision !== feed.helloRevision) {
      this.tell(feed.hello);
      this.told.helloRevision = feed.helloRevision;
      this.told.sequence = -1;
    }
    if (this.refusal !== null) this.tell({ type: "refused", message: this.refusal });
    this.refusal = null;
    this.tellState(feed);
  }

  private tellTrouble(sinceMs: number | null): void {
    if (this.told.troubleSinceMs === sinceMs) return;
    this.told.troubleSinceMs = sinceMs;
    this.tell(sinceMs === null ? { type: "recovered" } : { type: "trouble", since: sinceMs });
  }

  private tellState(feed: Feed): void {
    const measure = this.shown === null ? null : feed.measureFor(this.shown);
    if (measure === null) return;
    const canFollow = this.told.sequence === feed.previous;
    const naming = this.admission.areNamesShown ? "own" : "alias";
    const change = canFollow ? feed.change(measure, measure !== this.told.measure, naming) : null;
    this.socket.send(change ?? feed.snapshot(measure, naming), { binary: true });
    this.told.sequence = feed.sequence;
    this.told.measure = measure;
  }

  private tell(text: LiveText): void {
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
