import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { MapState } from "../state/map-state.ts";
import { type ContactEvent, ContactEvents } from "./contact-events.ts";
import { Kept } from "./kept.ts";

const MOST_ACKNOWLEDGED = 2_000;
/** More notes than this over a map hide it. */
const MOST_NOTES = 3;

/** How a note reaches the operator besides the page itself. */
export interface Heralds {
  /** Shows a notification of the browser, where that is allowed. */
  notify(event: ContactEvent): void;
  sound(): void;
}

/** Contacts as they come about, the devices that are watched, and what the operator has acknowledged. */
export class WatchList {
  readonly events = signal<readonly ContactEvent[]>([]);
  readonly watched = signal<readonly string[]>([]);
  readonly acknowledged = signal<ReadonlySet<string>>(new Set());
  /** Contacts of watched devices that were told of and not acknowledged yet, the newest first. */
  readonly notes = signal<readonly ContactEvent[]>([]);
  readonly soundOn = signal(false);

  /** Contacts of watched devices that wait for the operator. */
  readonly waiting = computed(() => {
    const acknowledged = this.acknowledged.value;
    return this.events.value.filter((event) => this.isWatched(event) && !acknowledged.has(event.id));
  });

  private readonly state: MapState;
  private readonly heralds: Heralds;
  private readonly found = new ContactEvents();
  private kept = new Kept("");

  constructor(state: MapState, heralds: Heralds) {
    this.state = state;
    this.heralds = heralds;
  }

  /** Follows the live feed from now on, whatever minute is shown. */
  start(): void {
    effect(() => {
      this.state.venueId.value;
      untracked(() => this.openVenue());
    });
    effect(() => {
      const { measure } = this.state;
      measure.proximityDm.value;
      measure.minMinutes.value;
      measure.certain.value;
      untracked(() => this.forget());
    });
    effect(() => {
      this.state.beat.value;
      untracked(() => this.look());
    });
  }

  isWatched({ device, other }: ContactEvent): boolean {
    const watched = this.watched.value;
    return watched.includes(device) || watched.includes(other);
  }

  /** Watches a device, or no longer. */
  watch(device: string, on: boolean): void {
    const others = this.watched.peek().filter((name) => name !== device);
    this.watched.value = on ? [...others, device].sort() : others;
    this.kept.write("watched", this.watched.peek());
  }

  acknowledge(events: readonly ContactEvent[]): void {
    const ids = [...this.acknowledged.peek(), ...events.map(({ id }) => id)].slice(-MOST_ACKNOWLEDGED);
    batch(() => {
      this.acknowledged.value = new Set(ids);
      this.notes.value = this.notes.peek().filter(({ id }) => !this.acknowledged.peek().has(id));
    });
    this.kept.write("acknowledged", ids);
  }

  switchSound(on: boolean): void {
    this.soundOn.value = on;
    this.kept.write("sound", on ? ["on"] : []);
  }

  private openVenue(): void {
    this.kept = new Kept(this.state.venueId.peek() ?? "");
    batch(() => {
      this.watched.value = this.kept.read("watched");
      this.acknowledged.value = new Set(this.kept.read("acknowledged"));
      this.soundOn.value = this.kept.read("sound").length > 0;
      this.forget();
    });
  }

  private forget(): void {
    this.found.restart();
    this.events.value = [];
    this.notes.value = [];
  }

  private look(): void {
    const { state } = this;
    // What was known of lines is dropped with the connection: nothing has ended for all one knows.
    if (state.connection.peek() !== "live" || !state.filled.peek()) return;
    const fresh = this.found.look(state.liveTable, state.thresholds.peek());
    this.events.value = this.found.events;
    const told = fresh.filter((event) => this.isWatched(event) && !this.acknowledged.peek().has(event.id));
    if (told.length === 0) return;
    this.notes.value = [...told, ...this.notes.peek()].slice(0, MOST_NOTES);
    for (const event of told.slice(0, MOST_NOTES)) this.heralds.notify(event);
    if (this.soundOn.peek()) this.heralds.sound();
  }
}
