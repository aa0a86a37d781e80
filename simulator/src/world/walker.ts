import type { Agenda, Errand, Person } from "./agenda.ts";
import type { Path } from "./path.ts";
import { fractionOf } from "./random.ts";
import type { Site } from "./site.ts";

const SLOWEST_M_PER_S = 0.9;
const FASTEST_M_PER_S = 1.6;

/** Where a person is, metres about the building's origin. */
export interface Whereabouts {
  readonly xM: number;
  readonly yM: number;
  readonly floor: number;
}

interface Leg {
  readonly departMs: number;
  readonly path: Path | null;
  readonly spot: number;
}

/**
 * One person on their way through the day. Asked with times that never go back; where the person is does not depend
 * on how often it is asked. Nobody sets out again before they have arrived.
 */
export class Walker {
  private readonly site: Site;
  private readonly agenda: Agenda;
  private readonly person: Person;
  private readonly metresPerMs: number;
  private slot = 0;
  private planned: Errand[];
  private leg: Leg;

  constructor(site: Site, agenda: Agenda, person: Person) {
    this.site = site;
    this.agenda = agenda;
    this.person = person;
    const speed = fractionOf(person.number, 7);
    this.metresPerMs = (SLOWEST_M_PER_S + speed * (FASTEST_M_PER_S - SLOWEST_M_PER_S)) / 1000;
    const [first, ...later] = agenda.errandsIn(person, 0);
    // The world starts in the middle of a day: everybody is where they spend the first slot.
    this.leg = { departMs: 0, path: null, spot: first!.spot };
    this.planned = later;
  }

  /** Where the person is at a time, ms since the start of the world. */
  at(timeMs: number): Whereabouts {
    while (this.nextDepartMs() <= timeMs) this.setOut();
    const { path, departMs, spot } = this.leg;
    const walkedM = (timeMs - departMs) * this.metresPerMs;
    if (path !== null && walkedM < path.lengthM) return this.onTheWay(path, walkedM);
    const { at, floorIndex } = this.site.spots[spot]!;
    return { xM: at[0], yM: at[1], floor: this.site.grid.floors[floorIndex]! };
  }

  /** The way being walked, or walked last, for those who check it. */
  get path(): Path | null {
    return this.leg.path;
  }

  private nextDepartMs(): number {
    while (this.planned.length === 0) this.planned = this.agenda.errandsIn(this.person, ++this.slot);
    return Math.max(this.planned[0]!.departMs, this.arrivalMs());
  }

  private arrivalMs(): number {
    const { departMs, path } = this.leg;
    return departMs + (path === null ? 0 : path.lengthM / this.metresPerMs);
  }

  private setOut(): void {
    const departMs = this.nextDepartMs();
    const { spot } = this.planned.shift()!;
    const from = this.leg.spot;
    this.leg = { departMs, spot, path: spot === from ? null : this.site.path(from, spot) };
  }

  private onTheWay(path: Path, walkedM: number): Whereabouts {
    let next = 1;
    while (path.metres[next]! < walkedM) next++;
    const [from, to] = [path.points[next - 1]!, path.points[next]!];
    const share = (walkedM - path.metres[next - 1]!) / (path.metres[next]! - path.metres[next - 1]!);
    const floorIndex = share < 0.5 ? from.floorIndex : to.floorIndex;
    return {
      xM: from.at[0] + (to.at[0] - from.at[0]) * share,
      yM: from.at[1] + (to.at[1] - from.at[1]) * share,
      floor: this.site.grid.floors[floorIndex]!,
    };
  }
}
