import { setTimeout as pause } from "node:timers/promises";
import { Random } from "../../simulator/src/world/random.ts";
import type { Ledger } from "../check/ledger.ts";
import { Crowd } from "./crowd.ts";
import { Gateway } from "./gateway.ts";

export interface LoadOptions {
  readonly url: string;
  readonly key: string;
  readonly venueId: string;
  readonly ledger: Ledger;
  readonly seed: number;
  readonly gateways?: number;
  readonly devices?: number;
  readonly fixesPerFrame?: number;
  /** Between an answer and the next frame of a gateway. */
  readonly pauseMs?: number;
  /** How long before now the crowd's time begins. */
  readonly agoMs?: number;
}

/** One in so many devices is heard by every gateway. */
const SHARED_SHARE = 8;
const DAY_MS = 86_400_000;
/** Until what is under way when the load ends is answered, ms. */
const DRAIN_MS = 60_000;

/** Seeded load: some gateways that send a crowd's fixes at a steady pace, until told to stop. */
export class Load {
  readonly gateways: readonly Gateway[];
  /** Where the crowd's time begins, ms. */
  readonly startMs: number;
  private readonly options: LoadOptions;
  private readonly crowds: readonly Crowd[];
  private isStopping = false;
  private running: Promise<void>[] = [];
  private failure: Error | null = null;

  constructor(options: LoadOptions) {
    const { url, key, ledger, seed, venueId, gateways = 4, devices = 40, agoMs = 2 * DAY_MS } = options;
    this.options = options;
    const random = new Random(seed);
    const startMs = Math.floor((Date.now() - agoMs) / 60_000) * 60_000;
    this.startMs = startMs;
    this.gateways = Array.from(
      { length: gateways },
      () => new Gateway({ url, key, ledger, random: () => random.next(), givesUp: 0.3 }),
    );
    this.crowds = this.gateways.map((_, i) => {
      const deviceIds = devicesOf(i, gateways, devices);
      return new Crowd({ venueId, deviceIds, startMs, random: new Random(seed + i) });
    });
  }

  start(): void {
    this.running = this.gateways.map((gateway, i) =>
      this.keepSending(gateway, this.crowds[i] as Crowd).catch((error: Error) => {
        this.failure ??= error;
      }),
    );
  }

  /** Resolves once every gateway got an answer to a frame that it began to send after this call. */
  async flows(withinMs: number): Promise<void> {
    const sinceMs = performance.now();
    while (!this.isStopping && this.gateways.some(({ acknowledgedMs }) => acknowledgedMs < sinceMs)) {
      if (this.failure !== null) throw this.failure;
      if (performance.now() - sinceMs > withinMs) {
        const late = this.gateways.filter(({ acknowledgedMs }) => acknowledgedMs < sinceMs).length;
        throw new Error(`${late} of ${this.gateways.length} gateways got nothing acknowledged in ${withinMs} ms`);
      }
      await pause(20);
    }
  }

  /** Sends nothing new; what is under way is sent until it is answered or given up. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const drained = Promise.all(this.running).then(() => true);
    const isDrained = await Promise.race([drained, pause(DRAIN_MS, false, { ref: false })]);
    for (const gateway of this.gateways) gateway.stop();
    if (this.failure !== null) throw this.failure;
    if (!isDrained) throw new Error(`a frame was not answered within ${DRAIN_MS} ms`);
  }

  private async keepSending(gateway: Gateway, crowd: Crowd): Promise<void> {
    const { fixesPerFrame = 10, pauseMs = 60 } = this.options;
    while (!this.isStopping) {
      await gateway.send(crowd.take(fixesPerFrame));
      await pause(pauseMs);
    }
  }
}

/** A gateway's share of the devices, and some that all gateways hear: of these the first fix that comes counts. */
function devicesOf(gateway: number, gateways: number, devices: number): string[] {
  const numbers = Array.from({ length: devices }, (_, number) => number);
  const heard = numbers.filter((number) => number < devices / SHARED_SHARE || number % gateways === gateway);
  return heard.map((number) => `walker ${number}`);
}
