import { fractionOf, mix } from "./random.ts";
import type { Site } from "./site.ts";

const MINUTE_MS = 60_000;
/** The day is made of slots; a meeting or lunch takes two. */
const SLOT_MS = 10 * MINUTE_MS;
const SLOTS_PER_PHASE = 2;
/** The compressed working day: six phases of 20 minutes, then it starts over. */
const PHASES = 6;
/** Of everybody, this share is on rounds rather than at a desk: post, cleaning, guards. */
const ROUNDS_SHARE = 0.04;
const STOPS_PER_SLOT = 4;

/** Where somebody goes, and when they set out, ms since the start of the world. */
export interface Errand {
  readonly departMs: number;
  readonly spot: number;
}

/** What a person does all day follows from the site, the seed and the person's number alone: no state, no clock. */
export interface Person {
  readonly number: number;
  readonly team: number;
  readonly desk: number;
  readonly onRounds: boolean;
}

/**
 * Who is where when. Teams sit together; each has a meeting and lunch once a day, at different times, so that at any
 * moment some teams sit at their desks, some meet and some eat. Single people get a coffee, visit another team or run
 * an errand in between.
 */
export class Agenda {
  private readonly site: Site;
  private readonly seed: number;
  private readonly desks: readonly number[];
  private readonly meetings: readonly number[];
  private readonly canteen: readonly number[];
  private readonly breaks: readonly number[];
  private readonly errands: readonly number[];

  constructor(site: Site, seed: number) {
    this.site = site;
    this.seed = seed;
    this.desks = spreadOverRooms(site, atLeastOne(site.placesFor("desk"), site));
    this.meetings = site.placesFor("meeting");
    this.canteen = site.placesFor("canteen");
    this.breaks = site.placesFor("coffee");
    this.errands = site.placesFor("errand");
  }

  /** How many people have a desk of their own; more share desks. */
  get capacity(): number {
    return this.desks.reduce((sum, place) => sum + this.site.places[place]!.spots.length, 0);
  }

  /** The person of a number: teams are filled one after the other, so that few people are still neighbours. */
  person(number: number): Person {
    let seat = number % this.capacity;
    let team = 0;
    for (let size = this.deskCount(team); seat >= size; size = this.deskCount(team)) {
      seat -= size;
      team++;
    }
    const desk = this.site.places[this.desks[team]!]!.spots[seat]!;
    return { number, team, desk, onRounds: fractionOf(this.seed, number, 11) < ROUNDS_SHARE };
  }

  private deskCount(team: number): number {
    return this.site.places[this.desks[team]!]!.spots.length;
  }

  /** Where a person goes in a slot, in order of time; the first errand is where the slot is spent. */
  errandsIn(person: Person, slot: number): Errand[] {
    if (person.onRounds) return this.rounds(person, slot);
    const stay = this.stay(person, slot);
    const departMs = slot * SLOT_MS + fractionOf(this.seed, person.number, slot, 1) * MINUTE_MS;
    const errands = [{ departMs, spot: stay }];
    if (stay === person.desk) errands.push(...this.outing(person, slot, departMs));
    return errands;
  }

  private rounds(person: Person, slot: number): Errand[] {
    return Array.from({ length: STOPS_PER_SLOT }, (_, stop) => {
      const choice = mix(this.seed, person.number, slot, stop, 2);
      const place = this.site.places[choice % this.site.places.length]!;
      return {
        departMs: (slot + stop / STOPS_PER_SLOT) * SLOT_MS,
        spot: place.spots[mix(choice) % place.spots.length]!,
      };
    });
  }

  /** A team's phase of the day: at lunch, in a meeting, or at their desks. */
  private stay(person: Person, slot: number): number {
    const phase = Math.floor(slot / SLOTS_PER_PHASE) % PHASES;
    const day = Math.floor(slot / (SLOTS_PER_PHASE * PHASES));
    const turn = Math.floor(person.team / PHASES);
    if (phase === person.team % PHASES) return this.seatIn(this.canteen, turn, person);
    if (phase === (person.team + 2) % PHASES) return this.seatIn(this.meetings, turn + day, person);
    return person.desk;
  }

  private seatIn(places: readonly number[], turn: number, person: Person): number {
    if (places.length === 0) return person.desk;
    const { spots } = this.site.places[places[turn % places.length]!]!;
    const seat = this.site.places[this.desks[person.team]!]!.spots.indexOf(person.desk);
    return spots[seat % spots.length]!;
  }

  /** Sometimes one leaves the desk for some minutes. */
  private outing(person: Person, slot: number, fromMs: number): Errand[] {
    const spot = this.outingTo(person, slot);
    if (spot === null) return [];
    const departMs = fromMs + (1 + 3 * fractionOf(this.seed, person.number, slot, 4)) * MINUTE_MS;
    const returnMs = departMs + (2 + 2 * fractionOf(this.seed, person.number, slot, 5)) * MINUTE_MS;
    return [
      { departMs, spot },
      { departMs: returnMs, spot: person.desk },
    ];
  }

  private outingTo(person: Person, slot: number): number | null {
    const luck = fractionOf(this.seed, person.number, slot, 3);
    const places = luck < 0.12 ? this.breaks : luck < 0.2 ? this.desks : luck < 0.26 ? this.errands : [];
    if (places.length === 0) return null;
    const choice = mix(this.seed, person.number, slot, 6);
    const { spots } = this.site.places[places[choice % places.length]!]!;
    return spots[mix(choice) % spots.length]!;
  }
}

function atLeastOne(desks: readonly number[], site: Site): readonly number[] {
  return desks.length > 0 ? desks : site.places.map((_, index) => index);
}

/** One place of every room, then the second of every room: the first teams do not all sit in the first room. */
function spreadOverRooms(site: Site, places: readonly number[]): number[] {
  const rooms = new Map<string, number[]>();
  for (const index of places) {
    const place = site.places[index]!;
    const room = `${site.spots[place.spots[0]!]!.floorIndex} ${place.name}`;
    rooms.set(room, [...(rooms.get(room) ?? []), index]);
  }
  const longest = Math.max(...[...rooms.values()].map((room) => room.length));
  return Array.from({ length: longest }, (_, i) => [...rooms.values()].flatMap((room) => room.slice(i, i + 1))).flat();
}
