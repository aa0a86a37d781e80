import type { LiveFrame, LiveHello, LiveText } from "@encounter/core/wire/live";
import { decodeLiveFrame, LIVE_CLOSE_REASON } from "@encounter/core/wire/live";
import { backoffMs } from "./backoff.ts";
import { Busy, Refused, SignedOut } from "./requests.ts";

/**
 * `live` only once a snapshot is here; `lost` while it is tried again, or while the server itself is in trouble;
 * `busy` while it is tried again because the server had too much to do.
 */
export type Connection = "connecting" | "live" | "lost" | "busy" | "signed-out";

/** Why the picture is not live, and what is done about it. */
export type Absence =
  /** Tried again at a time (`Date.now()`). */
  | { readonly retryAtMs: number }
  | "trying"
  /** The server is there, and cannot read what it should show. */
  | "trouble";

export interface LiveListener {
  hello(hello: LiveHello): void;
  frame(frame: LiveFrame): void;
  /** @param absence null where the picture is live, or will not be again */
  changed(connection: Connection, absence: Absence | null): void;
  /** Lines are not measured as was asked, for the reason that the server gives. */
  refused(message: string): void;
  /** The venue is no longer there. */
  gone(): void;
}

/** What the connection needs of the world, so that a test can be the world. */
export interface LiveSurroundings {
  open(): WebSocket;
  /** Resolves where the server answers and the session holds. @throws SignedOut | Refused | Busy | Unreachable */
  check(): Promise<unknown>;
  random(): number;
}

/** By what the server is to measure the lines that it sends. */
export interface LineMeasure {
  readonly proximityDm: number;
  readonly certain: boolean;
}

/** The server speaks every second; a feed silent for longer is dead, even if nobody said so. */
const SILENCE_STEPS = 8;
/** While it is in trouble the server has nothing to say. */
const TROUBLE_SILENCE_STEPS = 30;
/**
 * Silence is counted in steps: a page too busy to listen does not take its own deafness for the server's silence, for
 * between two steps it hears what has come.
 */
const SILENCE_STEP_MS = 1_000;
const CREDENTIAL_DEAD = 4401;
const OVERLOADED = 1013;
/** A server with too much to do is asked again no sooner, ms. */
const BUSY_MS = 3_000;

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
  /** Whether the server said that it has too much to do, when it was last heard. */
  private isBusy = false;
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
    this.listener.changed(this.attempt === 0 ? "connecting" : this.absent, "trying");
    this.asked = "";
    const socket = this.surroundings.open();
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.receive(event.data);
    socket.onclose = (event) => this.closedBy(event.code, event.reason);
    this.expectWord(SILENCE_STEPS);
  }

  private get absent(): Connection {
    return this.isBusy ? "busy" : "lost";
  }

  private receive(data: string | ArrayBuffer): void {
    this.expectWord(SILENCE_STEPS);
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
    this.expectWord(TROUBLE_SILENCE_STEPS);
    this.listener.changed("lost", "trouble");
  }

  private receiveFrame(frame: LiveFrame): void {
    this.listener.frame(frame);
    if (!frame.snapshot) return;
    this.attempt = 0;
    this.isBusy = false;
    this.listener.changed("live", null);
  }

  private expectWord(steps: number): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => (steps > 1 ? this.expectWord(steps - 1) : this.lose()), SILENCE_STEP_MS);
  }

  private closedBy(code: number, reason: string): void {
    if (code !== CREDENTIAL_DEAD) this.lose(code === OVERLOADED);
    else if (reason === LIVE_CLOSE_REASON.venueDeleted) this.endVenue();
    else if (reason === LIVE_CLOSE_REASON.rightsChanged) this.askForRights();
    else this.endSession();
  }

  /** @param isBusy whether the server closed the feed because it has too much to do */
  private lose(isBusy = false): void {
    this.leaveSocket();
    if (this.closed) return;
    this.isBusy = isBusy;
    this.waitForRetry();
    if (!isBusy) void this.findOut();
  }

  /** A browser does not say why a socket failed: ask over HTTP. */
  private async findOut(): Promise<void> {
    const { attempt } = this;
    try {
      await this.surroundings.check();
    } catch (error) {
      if (this.closed) return;
      if (error instanceof SignedOut) this.endSession();
      else if (error instanceof Refused && error.status === 404) this.endVenue();
      else if (error instanceof Busy && this.socket === null && this.attempt === attempt) this.waitForTheBusy();
    }
  }

  private waitForTheBusy(): void {
    this.isBusy = true;
    clearTimeout(this.retryTimer);
    this.attempt--;
    this.waitForRetry();
  }

  private waitForRetry(): void {
    const jittered = backoffMs(this.attempt, this.surroundings.random());
    const delayMs = this.isBusy ? BUSY_MS + jittered : jittered;
    this.attempt++;
    this.retryTimer = setTimeout(() => this.connect(), delayMs);
    this.listener.changed(this.absent, { retryAtMs: Date.now() + delayMs });
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
