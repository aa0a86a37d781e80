import type { Socket } from "node:net";

/** What happens to the bytes of one direction. */
export interface Weather {
  /** Every chunk comes this much later, ms. */
  delayMs: number;
  /** Bytes wait at the proxy: the way is there and nothing comes through. */
  isHeld: boolean;
  /** Bytes vanish: whoever sent them believes that they arrived. */
  isDropped: boolean;
  /** How many vanished. */
  droppedBytes: number;
}

/** Everything comes through at once. */
export function fineWeather(): Weather {
  return { delayMs: 0, isHeld: false, isDropped: false, droppedBytes: 0 };
}

/** How many bytes may wait in a held pipe before the sender is no longer read. */
const WAITING_BYTES_MAX = 8 * 1_048_576;

/** One direction of one connection through the proxy. Bytes keep their order whatever the weather. */
export class Pipe {
  private readonly from: Socket;
  private readonly to: Socket;
  private readonly weather: Weather;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private isTrapped = false;
  private mayNextPass = false;
  private isEnded = false;
  private timersRunning = 0;
  /** Cuts what comes in into chunks that go on whole. */
  onBytes: (bytes: Buffer) => Buffer[] = (bytes) => [bytes];
  /** Asked before each chunk goes on: true keeps it and all that follows here until {@link release}. */
  holdsBack: (chunk: Buffer) => boolean = () => false;

  constructor(from: Socket, to: Socket, weather: Weather) {
    this.from = from;
    this.to = to;
    this.weather = weather;
    from.on("data", (bytes: Buffer) => this.take(bytes));
    from.on("close", () => this.end());
  }

  /** Whether nothing comes through now. */
  get isBlocked(): boolean {
    return this.isTrapped || this.weather.isHeld || this.weather.isDropped;
  }

  /** Keeps everything here from now on. */
  trap(): void {
    this.isTrapped = true;
  }

  /** Ends what {@link trap} or {@link holdsBack} began. */
  release(): void {
    // What was kept back has been asked about.
    this.mayNextPass = this.isTrapped && this.waiting.length > 0;
    this.isTrapped = false;
    this.flush();
  }

  /** Sends on what may go now. */
  flush(): void {
    while (this.waiting.length > 0 && !this.isTrapped && !this.weather.isHeld) {
      const chunk = this.waiting[0] as Buffer;
      if (!this.mayNextPass && this.holdsBack(chunk)) {
        this.isTrapped = true;
        break;
      }
      this.mayNextPass = false;
      this.waiting.shift();
      this.waitingBytes -= chunk.length;
      this.send(chunk);
    }
    if (this.from.isPaused() && this.waitingBytes < WAITING_BYTES_MAX) this.from.resume();
    if (this.isEnded) this.end();
  }

  private take(bytes: Buffer): void {
    for (const chunk of this.onBytes(bytes)) {
      this.waiting.push(chunk);
      this.waitingBytes += chunk.length;
    }
    if (this.waitingBytes > WAITING_BYTES_MAX) this.from.pause();
    this.flush();
  }

  private send(chunk: Buffer): void {
    if (this.weather.isDropped) {
      this.weather.droppedBytes += chunk.length;
      return;
    }
    if (this.weather.delayMs === 0 && this.timersRunning === 0) {
      this.write(chunk);
      return;
    }
    this.timersRunning += 1;
    setTimeout(() => {
      this.timersRunning -= 1;
      this.write(chunk);
      if (this.isEnded) this.end();
    }, this.weather.delayMs);
  }

  private write(chunk: Buffer): void {
    if (this.to.writable) this.to.write(chunk);
    // A reader that does not read must be felt by the writer, as it would without a proxy.
    if (this.to.writableLength < WAITING_BYTES_MAX / 8) return;
    this.from.pause();
    this.to.once("drain", () => this.from.resume());
  }

  /** The sender is gone: so is the connection, once what it sent has gone on. In a held pipe nobody hears of it. */
  private end(): void {
    this.isEnded = true;
    if (this.isBlocked || this.timersRunning > 0 || this.waiting.length > 0) return;
    this.to.end();
    this.to.destroySoon();
  }
}
