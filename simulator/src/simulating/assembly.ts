import type { Access } from "../operator/access.ts";
import type { SimulateOptions } from "../options/simulate-options.ts";
import { OutcomeCheck } from "../statistics/outcome-check.ts";
import { Tally } from "../statistics/tally.ts";
import { Backoff } from "../transport/backoff.ts";
import { HandshakeGate } from "../transport/handshake-gate.ts";
import { SentLedger } from "../verification/sent-ledger.ts";
import { TruthLog } from "../verification/truth-log.ts";
import { builtInPlan } from "../world/building.ts";
import { LocalFrame, reportedLongitude } from "../world/local-frame.ts";
import { fromGeoJson } from "../world/plan-geojson.ts";
import { mix, Random, seedOf } from "../world/random.ts";
import type { Premises } from "../world/world.ts";
import { type Carrier, DeviceCarrier, GatewayCarrier } from "./carriers.ts";
import { Fleet } from "./fleet.ts";
import { Recorder } from "./recorder.ts";
import { Reporter } from "./reporter.ts";
import { Simulation } from "./simulation.ts";

/** Sockets of this process that are in their handshake at once. */
const HANDSHAKES_AT_ONCE = 200;
/** Venues' built-in buildings stand this far apart, degrees of longitude. */
const VENUE_STEP_DEGREES = 0.02;

/** A simulation with all that observes it. */
export interface Assembly {
  readonly fleet: Fleet;
  readonly simulation: Simulation;
  readonly tally: Tally;
  readonly check: OutcomeCheck;
  readonly ledger: SentLedger | null;
  readonly truthLog: TruthLog | null;
  readonly sockets: number;
}

/**
 * Where each venue's people are.
 * @param given a given plan as parsed JSON, null for the built-in building
 * @throws RangeError where the given plan is none
 */
export function premisesOf(options: SimulateOptions, given: unknown): Premises[] {
  const { longitude, latitude, buildings, floors } = options;
  if (given !== null) {
    const placed = fromGeoJson(given);
    return options.venueIds.map(() => ({ ...placed, buildings }));
  }
  const plan = builtInPlan(floors);
  return options.venueIds.map((_, venue) => {
    const frame = new LocalFrame(reportedLongitude(longitude + ((venue * VENUE_STEP_DEGREES) % 360)), latitude);
    return { plan, frame, buildings };
  });
}

/** The devices of a simulation. @throws RangeError where the plan has no place to be */
export function buildFleet(options: SimulateOptions, premises: readonly Premises[], seed: string): Fleet {
  return new Fleet({ ...options, premises, seed: seedOf(seed) });
}

/** Puts a simulation together; nothing is sent before it runs. */
export function assemble(
  options: SimulateOptions,
  fleet: Fleet,
  access: Access,
  maxAccuracyM: readonly (number | null)[],
  seed: string,
  onRefused: (reason: string) => void,
): Assembly {
  const tally = new Tally();
  const check = new OutcomeCheck(fleet.size, maxAccuracyM, (device) => fleet.venueOf(device));
  const verifies = options.verify || (options.truthFile !== undefined && access.door !== null);
  const ledger = verifies ? new SentLedger() : null;
  const truthLog = options.truthFile === undefined ? null : new TruthLog(options.truthFile, fleet);
  const listeners = [ledger, truthLog].filter((listener) => listener !== null);
  const recorder = new Recorder(tally, check, listeners, onRefused);
  const carrier = buildCarrier(options, fleet, access, recorder, seedOf(seed));
  const simulation = new Simulation({
    fleet,
    carrier,
    tally,
    durationMs: options.durationMs,
    lingerMs: options.lingerMs,
    onFix: (fix) => truthLog?.measured(fix),
  });
  return { fleet, simulation, tally, check, ledger, truthLog, sockets: carrier.reporters.length };
}

function buildCarrier(
  options: SimulateOptions,
  fleet: Fleet,
  access: Access,
  recorder: Recorder,
  seed: number,
): Carrier {
  const gate = new HandshakeGate(HANDSHAKES_AT_ONCE);
  const reporter = (venue: number, index: number) => {
    const random = new Random(mix(seed, index, 31));
    return new Reporter({
      socket: {
        url: options.doors.positionsUrl,
        credential: access.keys.get(fleet.venueIds[venue]!)!,
        window: options.window,
        encode: (label, fixes) => fleet.encode(label, fixes),
        gate,
        backoff: new Backoff(() => random.next()),
      },
      misbehaviour: options,
      fixesPerFrame: options.batch,
      random,
      observer: recorder,
    });
  };
  if (options.socketPerDevice) {
    return new DeviceCarrier(
      Array.from({ length: fleet.size }, (_, device) => reporter(fleet.venueOf(device), device)),
    );
  }
  const { gateways } = options;
  const gatewayOf = (device: number) =>
    fleet.venueOf(device) * gateways + (Math.floor(device / fleet.venueIds.length) % gateways);
  const reporters = fleet.venueIds.flatMap((_, venue) =>
    Array.from({ length: gateways }, (_, index) => reporter(venue, venue * gateways + index)),
  );
  return new GatewayCarrier(reporters, gatewayOf, options.batch);
}
