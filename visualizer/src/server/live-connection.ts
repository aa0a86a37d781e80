import type { LiveFrame, LiveHello, LiveText } from "@encounter/core/wire/live";
import { decodeLiveFrame, LIVE_CLOSE_REASON } from "@encounter/core/wire/live";
import { backoffMs } from "./backoff.ts";
import { Refused, SignedOut } from "./requests.ts";

/** `live` only once a snapshot is here; `lost` while it is tried again, or while the server itself is in trouble. */
export type Connection = "connecting" | "live" | "lost" | "signed-out";

export interface LiveListener {
  hello(hello: LiveHello): void;
  frame(frame: LiveFrame): void;
  /** @param retryAtMs when it will be tried again (`Date.now()`), where it will be */
  changed(connection: Connection, retryAtMs: number | null): void;
  /** Lines are not measured as was asked, for the reason that the server gives. */
  refused(message: string): void;
  /** The venue is no longer there. */
  gone(): void;
}

/** What the connection needs of the world, so that a test can be the world. */
export interface LiveSurroundings {
  open(): WebSocket;
  /** Resolves where the server answers and the session holds. @throws SignedOut | Refused | Unreachable */
  check(): Promise<unknown>;
  random(): number;
}

/** By what the server is to measure the lines that it sends. */
export interface LineMeasure {
  readonly proximityDm: number;
  readonly certain: boolean;
}

/** The server speaks every second; a feed silent for longer is dead, even if nobody said so. */
const SILENCE_MS = 8_000;
/** While it is in trouble the server has nothing to say. */
const TROUBLE_SILENCE_MS = 30_000;
const CREDENTIAL_DEAD = 4401;

/**
 * Keeps a venue's live feed open: comes back by itself with full jitter, tells a lost server from a lost session, and
 * notices a line that died without a word.
 */
export class LiveConnection {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  /** The measure that was asked for on this socket. */
  private asked = "";
  private readonly listener: LiveListener;
  private readonly surroundings: LiveSurroundings;

  constructor(surroundings: LiveSurroundings, listener: LiveListener) {
    this.surroundings = surroundings;
    this.listener = listener;
    this.connect();
  }

  /** Tries again at once, if it is waiting to. */
  retryNow(): void {
    if (this.closed || this.socket !== null) return;
    clearTimeout(this.retryTimer);
    this.connect();
  }

  /** Asks for lines by another measure; a connection that is not open yet asks when it opens. */
  look({ proximityDm, certain }: LineMeasure): void {
    const asked = `${proximityDm} ${certain}`;
    if (this.socket === null || this.socket.readyState !== this.socket.OPEN || asked === this.asked) return;
    this.asked = asked;
    this.socket.send(JSON.stringify({ type: "look", proximity: proximityDm / 10, certain }));
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retryTimer);
    this.leaveSocket();
  }

  private connect(): void {
    this.listener.changed(this.attempt === 0 ? "connecting" : "lost", null);
    this.asked = "";
    const socket = this.surroundings.open();
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.receive(event.data);
    socket.onclose = (event) => this.closedBy(event.code, event.reason);
    this.expectWord(SILENCE_MS);
  }

  private receive(data: string | ArrayBuffer): void {
    this.expectWord(SILENCE_MS);
    try {
      if (typeof data === "string") this.receiveText(JSON.parse(data) as LiveText);
      else this.receiveFrame(decodeLiveFrame(data));
    } catch (error) {
      console.error("The live feed sent something unreadable", error);
      this.lose();
    }
  }

  private receiveText(text: LiveText): void {
    if (text.type === "hello") this.listener.hello(text);
    if (text.type === "refused") this.listener.refused(text.message);
    if (text.type !== "trouble") return;
    this.expectWord(TROUBLE_SILENCE_MS);
    this.listener.changed("lost", null);
  }

  private receiveFrame(frame: LiveFrame): void {
    this.listener.frame(frame);
    if (!frame.snapshot) return;
    this.attempt = 0;
    this.listener.changed("live", null);
  }

  private expectWord(withinMs: number): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.lose(), withinMs);
  }

  private closedBy(code: number, reason: string): void {
    if (code !== CREDENTIAL_DEAD) this.lose();
    else if (reason === LIVE_CLOSE_REASON.venueDeleted) this.endVenue();
    else if (reason === LIVE_CLOSE_REASON.rightsChanged) this.askForRights();
    else this.endSession();
  }

  private lose(): void {
    this.leaveSocket();
    if (!this.closed) void this.findOut();
  }

  /** A browser does not say why a socket failed: ask over HTTP. */
  private async findOut(): Promise<void> {
    this.waitForRetry();
    try {
      await this.surroundings.check();
    } catch (error) {
      if (this.closed) return;
      if (error instanceof SignedOut) this.endSession();
      else if (error instanceof Refused && error.status === 404) this.endVenue();
    }
  }

  private waitForRetry(): void {
    const delayMs = backoffMs(this.attempt, this.surroundings.random());
    this.attempt++;
    this.retryTimer = setTimeout(() => this.connect(), delayMs);
    this.listener.changed("lost", Date.now() + delayMs);
  }

  private endSession(): void {
    this.close();
    this.listener.changed("signed-out", null);
  }

  private endVenue(): void {
    this.close();
    this.listener.gone();
  }

  /** Whoever opened this learns what may be seen now, and closes it where that is nothing. */
  private askForRights(): void {
    this.leaveSocket();
    this.waitForRetry();
    this.listener.gone();
  }

  private leaveSocket(): void {
    clearTimeout(this.silenceTimer);
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}
