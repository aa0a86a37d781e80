import type { WireFix } from "@encounter/core/wire/fix";
import { Random } from "../simulator/src/world/random.ts";
import { Ledger } from "./check/ledger.ts";
import { Gateway } from "./load/gateway.ts";
import { Load, type LoadOptions } from "./load/load.ts";
import type { FaultSystem } from "./system/fault-system.ts";

/** One fault, what it does and what is to hold after it. */
export interface Scenario {
  readonly name: string;
  /** What it does, for the table and `--list`. */
  readonly about: string;
  /** Needs no long wait: a part of the short form. */
  readonly isShort: boolean;
  /** Wants a system of its own, which it starts and which is stopped after it. */
  readonly startsSystem?: (stage: { readonly random: Random }) => Promise<FaultSystem>;
  /** The store may lose what it acknowledged: devices notice by the epoch and send their last minutes again. */
  readonly mayGoBack?: boolean;
  /** Processes that may end by themselves. */
  readonly mayEnd?: readonly string[];
  /** Injects the fault and ends it. What is wrong beyond what the checker sees is reported to the stage. */
  readonly run: (stage: Stage) => Promise<void>;
}

/** Thrown where a scenario cannot run here. */
export class Skip extends Error {
  override readonly name = "Skip";
}

/** What a scenario plays on: a system, a venue of its own, load, and a ledger of all that was sent. */
export class Stage {
  readonly system: FaultSystem;
  readonly venueId: string;
  readonly key: string;
  readonly seed: number;
  readonly random: Random;
  readonly ledger = new Ledger();
  /** What is wrong, a line each. */
  readonly troubles: string[] = [];
  /** What was sent of devices that are to be erased, for {@link gateway}: nothing of it may be found. */
  readonly erased = new Ledger();
  /** What was measured, for the table. */
  readonly notes: string[] = [];
  private readonly say: (line: string) => void;
  private theLoad: Load | null = null;
  private readonly gateways: Gateway[] = [];
  private readonly looks: (() => void | Promise<void>)[] = [];

  constructor(system: FaultSystem, venueId: string, key: string, seed: number, say: (line: string) => void) {
    this.system = system;
    this.venueId = venueId;
    this.key = key;
    this.seed = seed;
    this.random = new Random(seed);
    this.say = say;
  }

  /** The load, once it was started. */
  get load(): Load | null {
    return this.theLoad;
  }

  /** Starts the load and waits until it flows. */
  async startLoad(options: Partial<LoadOptions> = {}): Promise<Load> {
    const { system, key, venueId, ledger, seed } = this;
    const load = new Load({ url: system.positionsUrl, key, venueId, ledger, seed, ...options });
    this.theLoad = load;
    load.start();
    await load.flows(20_000);
    return load;
  }

  /** A gateway that never gives up a frame, for what a scenario sends itself. */
  gateway(ledger = this.ledger): Gateway {
    const { system, key, random } = this;
    const gateway = new Gateway({ url: system.positionsUrl, key, ledger, random: () => random.next() });
    this.gateways.push(gateway);
    return gateway;
  }

  /** Sends frames in their order over a socket of their own. */
  async sendAll(frames: readonly (readonly WireFix[])[], gateway = this.gateway()): Promise<void> {
    for (const frame of frames) await gateway.send(frame);
  }

  /** Notes trouble unless something holds. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.troubles.push(otherwise);
  }

  /** Has something looked at once all is well again. */
  afterRecovery(look: () => void | Promise<void>): void {
    this.looks.push(look);
  }

  /** Does what {@link afterRecovery} was told. */
  async lookAgain(): Promise<void> {
    for (const look of this.looks) await look();
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** Tells whoever watches how far it has come. */
  tell(text: string): void {
    this.say(`    ${text}`);
  }

  closeGateways(): void {
    for (const gateway of this.gateways) gateway.stop();
  }
}
