import { parseAccuracy } from "../sensors/accuracy.ts";
import { Receiver } from "../sensors/receiver.ts";
import { ReportingPlan } from "../sensors/reporting.ts";
import { mix, Random } from "../world/random.ts";
import { Site } from "../world/site.ts";
import { type Premises, type Resident, World } from "../world/world.ts";
import type { SimulatedFix } from "./simulated-fix.ts";

/** What devices there are and how they measure and report. */
export interface FleetPlan {
  readonly venueIds: readonly string[];
  /** Where each venue's people are; all have the same plan. */
  readonly premises: readonly Premises[];
  readonly devices: number;
  /** Number of the first device, from 1: another process may have those before. */
  readonly firstDevice: number;
  readonly devicePrefix: string;
  readonly intervalMs: number;
  /** Share of the interval by which reports are shifted either way. */
  readonly jitter: number;
  /** See `parseAccuracy`. */
  readonly accuracy: string;
  /** Share of measurements whose circle holds the truth. */
  readonly inside: number;
  readonly seed: number;
}

/** A device of the fleet, carried by one person of one venue's world. */
interface Device {
  readonly id: string;
  readonly venue: number;
  /** What its fixes start with on the wire, up to the timestamp. */
  readonly head: string;
  readonly resident: Resident;
  readonly receiver: Receiver;
  readonly reporting: ReportingPlan;
}

/**
 * All simulated devices. Movement, noise and times of reporting follow from the plan and the seed alone, in ms since
 * the start of the world; where people are is worked out only when their device reports.
 */
export class Fleet {
  readonly venueIds: readonly string[];
  readonly worlds: readonly World[];
  private readonly site: Site;
  private readonly devices: readonly Device[];

  /** @throws RangeError where the plan has no place to be */
  constructor(plan: FleetPlan) {
    this.venueIds = plan.venueIds;
    const people = Math.ceil((plan.firstDevice - 1 + plan.devices) / plan.venueIds.length);
    this.site = new Site(plan.premises[0]!.plan);
    this.worlds = plan.premises.map((premises, venue) => new World(this.site, premises, people, mix(plan.seed, venue)));
    const draw = parseAccuracy(plan.accuracy);
    this.devices = Array.from({ length: plan.devices }, (_, index) => {
      const number = plan.firstDevice + index;
      const venue = (number - 1) % plan.venueIds.length;
      const id = `${plan.devicePrefix}${String(number).padStart(5, "0")}`;
      return {
        id,
        venue,
        head: `{"device_id":${JSON.stringify(id)},"venue_id":${JSON.stringify(plan.venueIds[venue])},"timestamp":`,
        resident: this.worlds[venue]!.resident(Math.floor((number - 1) / plan.venueIds.length)),
        receiver: new Receiver(new Random(mix(plan.seed, number, 21)), draw, plan.inside),
        reporting: new ReportingPlan(new Random(mix(plan.seed, number, 22)), plan.intervalMs, plan.jitter),
      };
    });
  }

  get size(): number {
    return this.devices.length;
  }

  /**
   * Works out all ways in the building, a little with every step of the iteration. Without it that happens when
   * somebody first goes there, which holds up everything for some ms each time.
   */
  prepare(): Generator<void> {
    return this.site.prepare();
  }

  deviceId(device: number): string {
    return this.devices[device]!.id;
  }

  /** Index of a device's venue. */
  venueOf(device: number): number {
    return this.devices[device]!.venue;
  }

  /** When a device reports next, ms since the start of the world; each call is one report further. */
  nextReportMs(device: number): number {
    return this.devices[device]!.reporting.nextMs();
  }

  /** Where the person truly is; times asked for a device must not go back. */
  truth(device: number, worldMs: number) {
    return this.devices[device]!.resident.at(worldMs);
  }

  /** What a device measures at a time, ms since the start of the world; draws new noise each time. */
  measure(device: number, worldMs: number, startMs: number, dueMs: number): SimulatedFix {
    const { resident, receiver } = this.devices[device]!;
    const truth = resident.at(worldMs);
    const measured = receiver.measure(truth);
    return {
      device,
      fixTimeMs: startMs + worldMs,
      dueMs,
      longitude: measured.longitude,
      latitude: measured.latitude,
      floor: measured.floor,
      accuracyM: measured.accuracyM,
      trueLongitude: truth.longitude,
      trueLatitude: truth.latitude,
    };
  }

  /** A frame's text. */
  encode(label: string, fixes: readonly SimulatedFix[]): string {
    return `{"batch":"${label}","positions":[${fixes.map((fix) => this.encodeFix(fix)).join(",")}]}`;
  }

  private encodeFix({ device, fixTimeMs, latitude, longitude, floor, accuracyM }: SimulatedFix): string {
    const position = `{"latitude":${latitude},"longitude":${longitude},"floor":${floor},"accuracy":${accuracyM}}`;
    return `${this.devices[device]!.head}${fixTimeMs},"position":${position}}`;
  }
}
