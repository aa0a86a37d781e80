import type { Reporter } from "./reporter.ts";
import type { SimulatedFix } from "./simulated-fix.ts";

/** What brings fixes from devices to sockets. */
export interface Carrier {
  readonly reporters: readonly Reporter[];
  take(fix: SimulatedFix): void;
  /** Sends what was held back to fill a frame. */
  flush(): void;
}

/** Every device has a socket of its own and sends each fix at once. */
export class DeviceCarrier implements Carrier {
  readonly reporters: readonly Reporter[];

  /** @param reporters one per device */
  constructor(reporters: readonly Reporter[]) {
    this.reporters = reporters;
  }

  take(fix: SimulatedFix): void {
    this.reporters[fix.device]!.socket.send([fix]);
  }

  flush(): void {}
}

/** Gateways speak for many devices each and send their fixes in frames. */
export class GatewayCarrier implements Carrier {
  readonly reporters: readonly Reporter[];
  private readonly gatewayOf: (device: number) => number;
  private readonly fixesPerFrame: number;
  private readonly held: SimulatedFix[][];

  /** @param gatewayOf the index of a device's reporter */
  constructor(reporters: readonly Reporter[], gatewayOf: (device: number) => number, fixesPerFrame: number) {
    this.reporters = reporters;
    this.gatewayOf = gatewayOf;
    this.fixesPerFrame = fixesPerFrame;
    this.held = reporters.map(() => []);
  }

  take(fix: SimulatedFix): void {
    const gateway = this.gatewayOf(fix.device);
    const fixes = this.held[gateway]!;
    fixes.push(fix);
    if (fixes.length >= this.fixesPerFrame) this.release(gateway);
  }

  flush(): void {
    this.held.forEach((fixes, gateway) => {
      if (fixes.length > 0) this.release(gateway);
    });
  }

  private release(gateway: number): void {
    const fixes = this.held[gateway]!;
    this.held[gateway] = [];
    this.reporters[gateway]!.socket.send(fixes);
  }
}
