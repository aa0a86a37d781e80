import { reachedFrom, shortestChain, type TimedContact } from "@encounter/core/domain/chain";
import { firstMinuteIn, minuteAfter, minuteOf } from "@encounter/core/domain/minute";
import type { Contact } from "@encounter/core/wire/contacts";
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { type ContactsAsked, fetchVenueContacts, isPassing } from "../server/contacts.ts";
import type { MapState } from "../state/map-state.ts";
import { windowNow } from "../window/time-window.ts";
import { type ContactGraph, graphOf } from "./contact-graph.ts";

/** More would be neither seen nor understood. */
export const MOST_CONTACTS = 20_000;
const SETTLED_MS = 150;
const RETRY_MS = 5_000;

/** The contacts that were asked for. */
export interface NetworkAnswer {
  readonly asked: ContactsAsked;
  readonly askedAtMs: number;
  readonly graph: ContactGraph;
  readonly contacts: readonly ChainContact[];
  /** Whether there are more than these. */
  readonly more: boolean;
}

/** A contact within the window, as chains go through it. */
export interface ChainContact extends TimedContact {
  /** As it was, whole. */
  readonly whole: Contact;
}

const searches = new WeakMap<MapState, NetworkSearch>();

/** What the network view asked last: whoever comes back to it finds it as it was. */
export function networkSearchOf(state: MapState): NetworkSearch {
  let search = searches.get(state);
  if (search === undefined) {
    search = new NetworkSearch(state);
    searches.set(state, search);
  }
  return search;
}

/** All contacts of the venue in the window and by the measure in force, and chains through them. */
export class NetworkSearch {
  readonly answer = signal<NetworkAnswer | null>(null);
  readonly loading = signal(false);
  readonly progress = signal(0);
  readonly trouble = signal<string | null>(null);

  /** What stands in the fields. */
  readonly from = signal("");
  readonly to = signal("");
  readonly chain = computed(() => {
    const { from, to } = this.ends.value;
    const answer = this.answer.value;
    return answer === null || from === null || to === null ? null : shortestChain(answer.contacts, from, to);
  });
  readonly reached = computed(() => {
    const { from } = this.ends.value;
    const answer = this.answer.value;
    return answer === null || from === null ? null : reachedFrom(answer.contacts, from);
  });
  /** The devices that the fields name, where they had any contact. */
  readonly ends = computed(() => {
    const known = (name: string) => (this.answer.value?.graph.indexOf.has(name) ? name : null);
    return { from: known(this.from.value), to: known(this.to.value) };
  });

  private readonly state: MapState;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | null = null;
  private question = "";
  private venueId: string | null = null;

  constructor(state: MapState) {
    this.state = state;
  }

  /** Follows what is asked from now on. @returns ends it */
  start(): () => void {
    const stop = effect(() => {
      const { state } = this;
      const measure = state.measure.query().toString();
      const window = [state.windowFrom.value, state.windowTo.value, state.windowMinutes.value];
      const question = JSON.stringify([state.venueId.value, window, measure]);
      untracked(() => this.take(question));
    });
    return () => {
      stop();
      clearTimeout(this.timer);
      this.request?.abort();
      // Whoever comes back asks again for what did not come.
      if (this.loading.peek() || this.trouble.peek() !== null) this.question = "";
    };
  }

  /** Asks again: contacts may have come since. */
  refresh(): void {
    clearTimeout(this.timer);
    void this.ask();
  }

  private take(question: string): void {
    if (question === this.question) return;
    const venueId = this.state.venueId.peek();
    if (venueId !== this.venueId) this.forget();
    this.venueId = venueId;
    this.question = question;
    this.loading.value = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), this.answer.peek() === null ? 0 : SETTLED_MS);
  }

  /** What is known of another venue says nothing about this one. */
  private forget(): void {
    this.answer.value = null;
    this.from.value = "";
    this.to.value = "";
  }

  private async ask(): Promise<void> {
    const { state } = this;
    const venueId = state.venueId.peek();
    if (venueId === null) return;
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    const askedAtMs = state.serverNowMs();
    const asked = { venueId, ...windowNow(state), measure: untracked(() => state.measure.query()) };
    batch(() => {
      this.loading.value = true;
      this.progress.value = 0;
      this.trouble.value = null;
    });
    const count = (contacts: number) => {
      if (!request.signal.aborted) this.progress.value = contacts;
    };
    try {
      const { contacts, more } = await fetchVenueContacts(asked, MOST_CONTACTS, request.signal, count);
      if (request.signal.aborted) return;
      const timed = contacts.map((contact) => timedContact(contact, asked));
      this.answer.value = { asked, askedAtMs, graph: graphOf(contacts), contacts: timed, more };
      this.loading.value = false;
    } catch (error) {
      if (request.signal.aborted) return;
      this.trouble.value = error instanceof Error ? error.message : String(error);
      this.loading.value = false;
      if (isPassing(error)) this.timer = setTimeout(() => void this.ask(), RETRY_MS);
    }
  }
}

/** Nothing is passed on outside of the window, even where the contact goes on there. */
function timedContact(whole: Contact, { fromMs, toMs }: ContactsAsked): ChainContact {
  return {
    a: whole.device_id,
    b: whole.other,
    startMinute: Math.max(minuteOf(whole.start), firstMinuteIn(fromMs)),
    endMinute: Math.min(minuteOf(whole.end), minuteAfter(toMs)),
    whole,
  };
}
