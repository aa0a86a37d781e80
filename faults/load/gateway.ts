import { setTimeout as pause } from "node:timers/promises";
import type { WireFix } from "@encounter/core/wire/fix";
import { WebSocket } from "ws";
import { Backoff } from "../../simulator/src/transport/backoff.ts";
import { outcomesOf, parseAnswer, type Reply } from "../../simulator/src/transport/outcomes.ts";
import type { Ledger } from "../check/ledger.ts";

/** Longer than the door takes to say `unknown`. */
const ANSWER_TIMEOUT_MS = 8_000;
const OPEN_TIMEOUT_MS = 5_000;
/** Waits are drawn anew once they grow past this: what is measured is how soon the system is back, not the devices. */
const WAIT_MS_MAX = 4_000;
/** Frames that are sent again when the store may have gone back in time: a device's last minutes. */
const FRAMES_REMEMBERED = 400;

export interface GatewayOptions {
  readonly url: string;
  readonly key: string;
  readonly ledger: Ledger;
  /** Draws a number in [0, 1). */
  readonly random: () => number;
  /** How often a frame without an answer is given up instead of being sent again, 0 to 1. */
  readonly givesUp?: number;
}

/** What became of one attempt to send a frame. */
type Attempt = { readonly reply: Reply } | { readonly retryAfterMs: number; readonly isUnknown: boolean };

/**
 * Sends frames one after another over a socket, as a device does: what is not answered is sent again, mostly, with
 * back-off and full jitter. The ledger hears of every attempt.
 */
export class Gateway {
  private readonly options: GatewayOptions;
  private readonly backoff: Backoff;
  private socket: WebSocket | null = null;
  private batches = 0;
  private isStopped = false;
  private epoch: string | null = null;
  private remembered: (readonly WireFix[])[] = [];
  /** When a frame was last acknowledged that was sent after the one before, ms of the monotonic clock. */
  acknowledgedMs = 0;
  /** Whether it sends its last minutes again when the epoch changes. */
  resendsOnEpoch = true;
  /** Epochs seen, in order. */
  readonly epochs: string[] = [];
  /** Close codes of its sockets. */
  readonly closeCodes: number[] = [];
  private isResending = false;

  constructor(options: GatewayOptions) {
    this.options = options;
    this.backoff = new Backoff(options.random);
  }

  /** Sends a frame until it is answered, given up or the gateway is stopped. */
  async send(fixes: readonly WireFix[]): Promise<Reply | null> {
    const startedMs = performance.now();
    while (!this.isStopped) {
      const attempt = await this.attempt(fixes);
      if ("reply" in attempt) {
        this.acknowledgedMs = startedMs;
        await this.acknowledged(attempt.reply, fixes);
        return attempt.reply;
      }
      if (attempt.isUnknown && this.options.random() < (this.options.givesUp ?? 0)) return null;
      await pause(this.waitMs(attempt.retryAfterMs));
    }
    return null;
  }

  /** Opens the socket now. */
  async open(): Promise<boolean> {
    while (!this.isStopped) {
      if ((await this.connected()) !== null) {
        this.backoff.reset();
        return true;
      }
      await pause(this.backoff.nextMs());
    }
    return false;
  }

  /** How long a device waits before it connects again. */
  backoffMs(): number {
    return this.backoff.nextMs();
  }

  /** No further attempts; the socket closes. */
  stop(): void {
    this.isStopped = true;
    this.socket?.terminate();
  }

  private waitMs(askedMs: number): number {
    const waitMs = this.backoff.nextMs();
    if (waitMs <= WAIT_MS_MAX) return askedMs + waitMs;
    this.backoff.reset();
    return this.waitMs(askedMs);
  }

  private async attempt(fixes: readonly WireFix[]): Promise<Attempt> {
    const socket = await this.connected();
    if (socket === null) return { retryAfterMs: 0, isUnknown: false };
    const batch = String(++this.batches);
    const text = await answerTo(socket, batch, JSON.stringify({ batch, positions: fixes }));
    if (text === null) {
      socket.terminate();
      return this.unknown(fixes, 0);
    }
    const answer = parseAnswer(text);
    if ("garbled" in answer) throw new Error(`the door answered ${answer.garbled}`);
    if ("reply" in answer) {
      outcomesOf(answer.reply, fixes.length).forEach((outcome, i) => {
        this.options.ledger.answered(fixes[i] as WireFix, outcome, answer.reply.epoch);
      });
      this.backoff.reset();
      return { reply: answer.reply };
    }
    if (answer.trouble === "bad_frame") throw new Error(`the door did not understand a frame: ${text}`);
    if (answer.trouble === "unknown") return this.unknown(fixes, answer.retryAfterMs);
    return { retryAfterMs: answer.retryAfterMs, isUnknown: false };
  }

  private unknown(fixes: readonly WireFix[], retryAfterMs: number): Attempt {
    for (const fix of fixes) this.options.ledger.unknown(fix);
    return { retryAfterMs, isUnknown: true };
  }

  private async acknowledged({ epoch }: Reply, fixes: readonly WireFix[]): Promise<void> {
    if (this.epoch !== epoch) this.epochs.push(epoch);
    const isOtherEpoch = this.epoch !== null && this.epoch !== epoch;
    this.epoch = epoch;
    if (this.isResending) return;
    this.remembered.push(fixes);
    if (this.remembered.length > FRAMES_REMEMBERED) this.remembered.shift();
    if (!isOtherEpoch || !this.resendsOnEpoch) return;
    this.isResending = true;
    for (const frame of [...this.remembered]) await this.send(frame);
    this.isResending = false;
  }

  private async connected(): Promise<WebSocket | null> {
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket;
    const socket = new WebSocket(this.options.url, {
      headers: { authorization: `Bearer ${this.options.key}` },
      handshakeTimeout: OPEN_TIMEOUT_MS,
    });
    this.socket = socket;
    socket.on("close", (code) => this.closeCodes.push(code));
    return new Promise((resolve) => {
      socket.once("open", () => resolve(socket));
      socket.once("error", () => resolve(null));
      socket.on("error", () => {});
    });
  }
}

/** The answer to a frame, or null where none comes in time. */
function answerTo(socket: WebSocket, batch: string, frame: string): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (text: string | null) => {
      clearTimeout(timer);
      socket.off("close", lost);
      socket.off("message", hear);
      resolve(text);
    };
    const timer = setTimeout(() => end(null), ANSWER_TIMEOUT_MS);
    const lost = () => end(null);
    const hear = (data: { toString(): string }) => {
      const text = data.toString();
      if ((JSON.parse(text) as { batch?: string | null }).batch === batch || text.startsWith('{"error"')) end(text);
    };
    socket.on("close", lost);
    socket.on("message", hear);
    socket.send(frame);
  });
}
