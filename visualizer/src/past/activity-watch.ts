import { batch, effect, signal, untracked } from "@preact/signals";
import { type Activity, fetchActivity } from "../server/history.ts";
import type { MapState } from "../state/map-state.ts";
import { bucketMinutes, nextSpan, type Span, type SpanChoice } from "./span.ts";
import type { TimeMachine } from "./time-machine.ts";

const REFRESH_MS = 10_000;
const DAY_MINUTES = 1_440;

/** Keeps what the time slider covers, and how much went on in it. */
export class ActivityWatch {
  readonly choice = signal<SpanChoice>(360);
  readonly span = signal<Span>({ fromMinute: 0, toMinute: 10 });
  /** How much went on in the span; null until it is known. */
  readonly activity = signal<Activity | null>(null);
  /** The oldest minute that is kept. */
  readonly firstMinute = signal<number | null>(null);

  private readonly state: MapState;
  private readonly machine: TimeMachine;
  private request: AbortController | null = null;
  private asked = "";

  constructor(state: MapState, machine: TimeMachine) {
    this.state = state;
    this.machine = machine;
  }

  /** Follows the venue, the time and the choice from now on. */
  start(): void {
    effect(() => {
      this.state.venueId.value;
      this.state.watches.value;
      untracked(() => this.forget());
    });
    effect(() => this.followSpan());
    setInterval(() => this.ask(true), REFRESH_MS);
  }

  private forget(): void {
    batch(() => {
      this.activity.value = null;
      this.firstMinute.value = null;
    });
    this.ask(true);
  }

  private followSpan(): void {
    const newest = this.machine.newestMinute.value;
    const first = this.firstMinute.value ?? newest - DAY_MINUTES;
    const before = this.span.peek();
    const next = nextSpan(before, this.choice.value, first, newest, this.state.minute.value);
    if (next.fromMinute === before.fromMinute && next.toMinute === before.toMinute) return;
    this.span.value = next;
    untracked(() => this.ask(false));
  }

  /** @param again even if the same was asked before: the present goes on */
  private ask(again: boolean): void {
    const venueId = this.state.venueId.peek();
    if (venueId === null || !this.state.watches.peek()) return;
    const span = this.span.peek();
    const step = bucketMinutes(span);
    const from = Math.floor(span.fromMinute / step) * step;
    const to = Math.ceil((span.toMinute + 1) / step) * step;
    const asked = `${venueId} ${from} ${to} ${step}`;
    if (asked === this.asked && !again) return;
    this.asked = asked;
    void this.load(venueId, from, to, step);
  }

  private async load(venueId: string, from: number, to: number, step: number): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const activity = await fetchActivity(venueId, from, to, step, request.signal);
      if (request.signal.aborted) return;
      batch(() => {
        this.activity.value = activity;
        this.firstMinute.value = activity.first_minute;
      });
    } catch {
      // The map says when the server is away; the histogram is asked for again before long.
    }
  }
}
