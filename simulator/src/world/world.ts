import type { FeatureCollection } from "geojson";
import { Agenda } from "./agenda.ts";
import type { LocalFrame } from "./local-frame.ts";
import type { Plan } from "./plan.ts";
import { type Copy, toGeoJson } from "./plan-geojson.ts";
import { mix } from "./random.ts";
import type { Site } from "./site.ts";
import { BUILDING_DEPTH_M, BUILDING_WIDTH_M } from "./storeys.ts";
import { Walker } from "./walker.ts";

/** People that a hall, or a floor of offices, has a desk for. */
const PEOPLE_PER_HALL = 250;
const PEOPLE_PER_OFFICE_FLOOR = 200;
/** Between two buildings of a campus, metres: wider than any proximity. */
const STREET_M = 40;

/** How many people the built-in building holds before the campus gets another one: all have desks of their own. */
export function peoplePerBuilding(floors: number): number {
  return floors === 1 ? PEOPLE_PER_HALL : (floors - 1) * PEOPLE_PER_OFFICE_FLOOR;
}

/** Where people are simulated: a plan, where it lies, and how many copies of it there are. */
export interface Premises {
  readonly plan: Plan;
  /** Places the plan's origin on the globe. */
  readonly frame: LocalFrame;
  /** Buildings side by side, each a copy of the plan; 1 for a given plan. */
  readonly buildings: number;
}

/** A place on the globe. */
export interface TruePosition {
  readonly longitude: number;
  readonly latitude: number;
  readonly floor: number;
}

/**
 * The people of one venue and where they are at any time. Pure: premises, people and seed decide everything, and the
 * times are ms since the start of the world.
 */
export class World {
  private readonly site: Site;
  private readonly premises: Premises;
  private readonly agendas: readonly Agenda[];
  private readonly peoplePerBuilding: number;

  /** @param site of the premises' plan; venues with the same plan may share it */
  constructor(site: Site, premises: Premises, people: number, seed: number) {
    this.site = site;
    this.premises = premises;
    this.peoplePerBuilding = Math.ceil(people / premises.buildings);
    this.agendas = Array.from({ length: premises.buildings }, (_, building) => new Agenda(site, mix(seed, building)));
  }

  /** The people that have a desk of their own, all buildings together. */
  get desks(): number {
    return this.agendas.reduce((sum, agenda) => sum + agenda.capacity, 0);
  }

  /** The person of a number from 0, at the start of the world. */
  resident(person: number): Resident {
    const { frame, buildings } = this.premises;
    const building = Math.floor(person / this.peoplePerBuilding);
    const agenda = this.agendas[building]!;
    const walker = new Walker(this.site, agenda, agenda.person(person % this.peoplePerBuilding));
    return new Resident(walker, frame, copyOf(building, buildings));
  }
}

/** A person of a venue, on the globe. */
export class Resident {
  private readonly walker: Walker;
  private readonly frame: LocalFrame;
  private readonly copy: Copy;

  constructor(walker: Walker, frame: LocalFrame, copy: Copy) {
    this.walker = walker;
    this.frame = frame;
    this.copy = copy;
  }

  /** Where the person truly is; the times asked for must not go back. */
  at(timeMs: number): TruePosition {
    const { xM, yM, floor } = this.walker.at(timeMs);
    return {
      longitude: this.frame.longitudeAt(xM + this.copy.eastM),
      latitude: this.frame.latitudeAt(yM + this.copy.northM),
      floor,
    };
  }
}

/** The plan of a whole venue in the contract's form. */
export function venuePlan({ plan, frame, buildings }: Premises): FeatureCollection {
  const copies = Array.from({ length: buildings }, (_, building) => copyOf(building, buildings));
  return toGeoJson({ plan, frame }, copies);
}

/** Buildings stand in a square, row by row. */
function copyOf(building: number, buildings: number): Copy {
  const perRow = Math.ceil(Math.sqrt(buildings));
  return {
    eastM: (building % perRow) * (BUILDING_WIDTH_M + STREET_M),
    northM: Math.floor(building / perRow) * (BUILDING_DEPTH_M + STREET_M),
    prefix: buildings === 1 ? "" : `B${building + 1} `,
  };
}
