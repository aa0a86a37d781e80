import type { FrameErrorCode } from "@encounter/core/wire/reply";
import WebSocket from "ws";
import type { Backoff } from "./backoff.ts";
import type { HandshakeGate } from "./handshake-gate.ts";
import { type Frame, Outbox } from "./outbox.ts";
import { parseAnswer, type Reply } from "./outcomes.ts";

/** What happens on a socket, for those who count it. All are called synchronously. */
export interface SocketEvents<Item> {
  sent(frame: Frame<Item>): void;
  answered(frame: Frame<Item>, reply: Reply): void;
  /** The server said `busy` or `unknown`, which are sent again, or `bad_frame`, which is not. */
  troubled(frame: Frame<Item>, code: FrameErrorCode, message: string): void;
  /** Something that no server should send. */
  confused(message: string): void;
  opened(isReconnect: boolean): void;
  /** The connection ended, or was not had in the first place, and will be tried again. */
  lost(reason: string, wasOpen: boolean): void;
  /** The server will never speak with this credential: nothing more is sent. */
  refused(reason: string): void;
  /** The store may have gone back in time: what it answered lately must be sent again, before anything else. */
  epochChanged(epoch: string): void;
}

/** What a socket needs to know. */
export interface SocketSettings<Item> {
  readonly url: string;
  readonly credential: string;
  /** Most frames sent and not answered. */
  readonly window: number;
  readonly encode: (label: string, items: readonly Item[]) => string;
  readonly gate: HandshakeGate;
  readonly backoff: Backoff;
  readonly events: SocketEvents<Item>;
}

/** An answer that takes longer than this does not come: the connection is opened anew, ms. */
const ANSWER_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 15_000;
const CREDENTIAL_REVOKED = 4401;

/**
 * One WebSocket to the devices' door. It reconnects by itself and keeps frames, in order, until they are answered:
 * those lost with a connection or answered `busy` or `unknown` are sent again before any later one.
 */
export class PositionsSocket<Item> {
  private readonly settings: SocketSettings<Item>;
  private readonly outbox: Outbox<Item>;
  private socket: WebSocket | null = null;
  private epoch: string | null = null;
  private opens = 0;
  private isOpen = false;
  private isStopped = false;
  /** What the server asked to wait, ms. */
  private askedMs = 0;
  /** How long to stay away after breaking off, ms; null where nobody broke off. */
  private awayMs: number | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(settings: SocketSettings<Item>) {
    this.settings = settings;
    this.outbox = new Outbox(settings.window);
  }

  /** Frames that are not answered yet. */
  get waiting(): number {
    return this.outbox.size;
  }

  connect(): void {
    this.settings.gate.enter(() => this.handshake());
  }

  /** Sends things as one frame, as soon as the order allows. */
  send(items: readonly Item[], again = false): void {
    this.outbox.add(items, again);
    this.pump();
  }

  /** Sends frames before all that wait: what must be told again after the store went back in time. */
  sendFirst(itemsOfFrames: readonly (readonly Item[])[]): void {
    this.outbox.addFirst(itemsOfFrames);
    this.pump();
  }

  /** Breaks the connection without a word, as a device does that walks out of reach, and stays away for a while. */
  breakOff(awayMs: number): void {
    if (!this.isOpen) return;
    this.awayMs = awayMs;
    this.hangUp();
  }

  /** Gives up a connection on which an answer is overdue. @param nowMs of the monotonic clock */
  sweep(nowMs: number): void {
    const oldest = this.outbox.oldestSent;
    if (oldest !== undefined && nowMs - oldest.sentMs > ANSWER_TIMEOUT_MS) this.hangUp();
  }

  /** Ends the connection; nothing is sent or opened any more. */
  stop(): void {
    this.isStopped = true;
    this.isOpen = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.socket?.close(1000);
  }

  private handshake(): void {
    const { url, credential, gate } = this.settings;
    if (this.isStopped) {
      gate.leave();
      return;
    }
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      headers: { authorization: `Bearer ${credential}` },
    });
    this.socket = socket;
    let wasOpen = false;
    let trouble = "";
    let leaveGate = () => {
      leaveGate = () => {};
      gate.leave();
    };
    socket.on("upgrade", (response) => this.noteEpoch(String(response.headers["encounter-epoch"] ?? "")));
    socket.on("open", () => {
      wasOpen = true;
      leaveGate();
      this.opened();
    });
    socket.on("unexpected-response", (_, response) => {
      trouble = `HTTP ${response.statusCode}`;
      this.denied(response.statusCode ?? 0, Number(response.headers["retry-after"] ?? 0));
      // Ends in close; ending the request itself would not.
      socket.terminate();
    });
    socket.on("message", (data) => this.received(data.toString()));
    // An error is always followed by close, and that decides what to do.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      trouble ||= error.code ?? error.message;
    });
    socket.on("close", (code, reason) => {
      leaveGate();
      this.closed(code, reason.toString() || trouble || "without a word", wasOpen);
    });
  }

  private opened(): void {
    this.isOpen = true;
    this.settings.events.opened(this.opens++ > 0);
    this.pump();
  }

  private denied(status: number, retryAfterS: number): void {
    if (status === 401 || status === 403) this.refuse(`the server answered HTTP ${status}`);
    this.askedMs = Number.isFinite(retryAfterS) ? retryAfterS * 1000 : 0;
  }

  private refuse(reason: string): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.settings.events.refused(reason);
  }

  private closed(code: number, reason: string, wasOpen: boolean): void {
    this.socket = null;
    this.isOpen = false;
    this.outbox.retry();
    if (code === CREDENTIAL_REVOKED) this.refuse(`the server closed with ${code} ${reason}`.trim());
    if (this.isStopped) return;
    const why = this.awayMs === null ? `${code} ${reason}`.trim() : "broken off on purpose";
    this.settings.events.lost(why, wasOpen);
    const waitMs = this.awayMs ?? this.nextWaitMs();
    this.awayMs = null;
    this.later(waitMs, () => this.connect());
  }

  private nextWaitMs(): number {
    const waitMs = this.settings.backoff.nextMs(this.askedMs);
    this.askedMs = 0;
    return waitMs;
  }

  private later(waitMs: number, then: () => void): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      then();
    }, waitMs);
  }

  private pump(): void {
    if (!this.isOpen) return;
    for (let frame = this.outbox.take(); frame !== undefined; frame = this.outbox.take()) {
      if (frame.text === "") frame.text = this.settings.encode(frame.label, frame.items);
      frame.sentMs = performance.now();
      frame.attempts++;
      this.socket?.send(frame.text);
      this.settings.events.sent(frame);
    }
  }

  private received(text: string): void {
    if (!this.isOpen) return;
    const frame = this.outbox.settle();
    const answer = parseAnswer(text);
    if (frame === undefined || "garbled" in answer) this.startOver(frame, text);
    else if (answer.batch !== null && answer.batch !== frame.label) {
      this.startOver(frame, `an answer for batch ${answer.batch} where ${frame.label} was next`);
    } else if ("reply" in answer) this.replied(frame, answer.reply);
    else this.troubled(frame, answer);
    this.pump();
  }

  private replied(frame: Frame<Item>, reply: Reply): void {
    this.settings.backoff.reset();
    // First the news that the store went back: this reply is already of the new time.
    this.noteEpoch(reply.epoch);
    this.settings.events.answered(frame, reply);
    this.retryWhenReady();
  }

  private troubled(frame: Frame<Item>, { trouble, retryAfterMs, message }: Trouble): void {
    this.settings.events.troubled(frame, trouble, message);
    if (trouble !== "bad_frame") {
      this.outbox.fail(frame);
      this.askedMs = Math.max(this.askedMs, retryAfterMs);
    }
    this.retryWhenReady();
  }

  private retryWhenReady(): void {
    if (!this.outbox.isReadyToRetry) return;
    this.later(this.nextWaitMs(), () => {
      this.outbox.retry();
      this.pump();
    });
  }

  /** Answers that cannot be told apart any more are as good as none: everything unanswered is sent again. */
  private startOver(frame: Frame<Item> | undefined, message: string): void {
    if (frame !== undefined) this.outbox.fail(frame);
    this.settings.events.confused(message.slice(0, 200));
    this.hangUp();
  }

  /** Drops the connection; what still comes in on it is not listened to. */
  private hangUp(): void {
    this.isOpen = false;
    this.socket?.terminate();
  }

  private noteEpoch(epoch: string): void {
    if (epoch === "" || epoch === this.epoch) return;
    const isChange = this.epoch !== null;
    this.epoch = epoch;
    if (isChange) this.settings.events.epochChanged(epoch);
  }
}

interface Trouble {
  readonly trouble: FrameErrorCode;
  readonly retryAfterMs: number;
  readonly message: string;
}
