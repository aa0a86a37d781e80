import type { Tally } from "../statistics/tally.ts";
import type { Carrier } from "./carriers.ts";
import type { Fleet } from "./fleet.ts";
import type { SimulatedClock } from "./simulated-clock.ts";
import type { SimulatedFix } from "./simulated-fix.ts";
import { TimerWheel } from "./timer-wheel.ts";

/** Between two looks at the clock, ms. */
const LOOK_MS = 10;
/** Fixes made in one go before sockets get their turn. */
const FIXES_PER_LOOK = 2_000;
/** Fixes without an answer at which devices keep what they measure to themselves: live, and while catching up. */
const OUTSTANDING_MAX_LIVE = 200_000;
const OUTSTANDING_MAX_BEHIND = 20_000;
/** How often sockets are looked at for overdue answers, ms. */
const SWEEP_MS = 1_000;
/** Sockets that were not opened while none was for so long are waited for no more, ms. */
const CONNECT_PATIENCE_MS = 5_000;

/** What a simulation runs on. */
export interface SimulationParts {
  readonly fleet: Fleet;
  readonly carrier: Carrier;
  readonly tally: Tally;
  /** Simulated ms after which nothing more is measured, Infinity for never. */
  readonly durationMs: number;
  /** Longest that a fix waits for others to fill a frame, ms. */
  readonly lingerMs: number;
  /** Told of every fix before it is sent. */
  readonly onFix: (fix: SimulatedFix) => void;
}

/** Devices that measure and report, from now or from the past, until the duration is over or somebody stops it. */
export class Simulation {
  private readonly parts: SimulationParts;
  private readonly wheel: TimerWheel;
  private lastFlushMs = 0;
  private lastSweepMs = 0;
  private madeThisLook = 0;
  private isStopped = false;
  private isCutOff = false;
  private clock: SimulatedClock | null = null;

  constructor(parts: SimulationParts) {
    this.parts = parts;
    this.wheel = new TimerWheel(parts.fleet.size, 0);
    for (let device = 0; device < parts.fleet.size; device++) {
      this.wheel.schedule(device, parts.fleet.nextReportMs(device));
    }
  }

  /** How far the simulated time has come, ms since its start. */
  get reachedMs(): number {
    return this.wheel.reachedMs;
  }

  /** Opens all sockets, so that what is measured later is not how fast they open. Some may stay closed and retry. */
  async connect(): Promise<void> {
    const { carrier, tally } = this.parts;
    for (const { socket } of carrier.reporters) socket.connect();
    let [most, mostMs] = [0, performance.now()];
    while (tally.connected < carrier.reporters.length && !this.isStopped) {
      if (tally.connected > most) [most, mostMs] = [tally.connected, performance.now()];
      if (performance.now() - mostMs > CONNECT_PATIENCE_MS) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Runs until the duration is over or {@link stop}; afterwards answers may still be on their way. */
  run(clock: SimulatedClock): Promise<void> {
    this.clock = clock;
    return new Promise((resolve) => {
      const look = () => {
        const isUpToDate = this.look(clock);
        if (this.isStopped || this.reachedMs >= this.parts.durationMs) {
          this.parts.carrier.flush();
          resolve();
        } else if (isUpToDate) setTimeout(look, LOOK_MS);
        else setImmediate(look);
      };
      look();
    });
  }

  /** Nothing more is measured; answers are still waited for. */
  stop(): void {
    this.isStopped = true;
  }

  /** Nothing more is measured and no answer will come. */
  cutOff(): void {
    this.isStopped = true;
    this.isCutOff = true;
  }

  /** Waits until every fix has its outcome, or none came for a while. @returns whether all have one */
  async settle(patienceMs: number): Promise<boolean> {
    const { tally } = this.parts;
    let [best, bestMs] = [tally.outstanding, performance.now()];
    while (tally.outstanding > 0 && !this.isCutOff && performance.now() - bestMs < patienceMs) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      this.sweep(performance.now());
      if (tally.outstanding < best) [best, bestMs] = [tally.outstanding, performance.now()];
    }
    return tally.outstanding === 0;
  }

  /** Ends all connections. */
  disconnect(): void {
    for (const { socket } of this.parts.carrier.reporters) socket.stop();
  }

  /** One look at the clock. @returns whether everything due has been made or has to wait */
  private look(clock: SimulatedClock): boolean {
    const { durationMs, lingerMs, carrier } = this.parts;
    const nowMs = performance.now();
    const dueMs = Math.min(durationMs, clock.at(Date.now()) - clock.startMs);
    this.madeThisLook = 0;
    const report = (device: number, worldMs: number) => this.report(clock, device, worldMs);
    const isReached = this.wheel.advance(dueMs, report, this.mayGoOn);
    if (nowMs - this.lastFlushMs >= lingerMs) {
      carrier.flush();
      this.lastFlushMs = nowMs;
    }
    this.sweep(nowMs);
    return isReached || this.isFull();
  }

  private report(clock: SimulatedClock, device: number, worldMs: number): number {
    const { fleet, carrier, tally, onFix } = this.parts;
    const realMs = clock.realTimeOf(clock.startMs + worldMs);
    const fix = fleet.measure(device, worldMs, clock.startMs, realMs);
    tally.fixes++;
    this.madeThisLook++;
    onFix(fix);
    carrier.take(fix);
    return fleet.nextReportMs(device);
  }

  private readonly mayGoOn = (): boolean => this.madeThisLook < FIXES_PER_LOOK && !this.isFull();

  private isFull(): boolean {
    const isLive = this.clock?.isLive(Date.now()) ?? true;
    return this.parts.tally.outstanding >= (isLive ? OUTSTANDING_MAX_LIVE : OUTSTANDING_MAX_BEHIND);
  }

  private sweep(nowMs: number): void {
    if (nowMs - this.lastSweepMs < SWEEP_MS) return;
    this.lastSweepMs = nowMs;
    for (const { socket } of this.parts.carrier.reporters) socket.sweep(nowMs);
  }
}
