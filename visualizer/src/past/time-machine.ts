import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { backoffMs } from "../server/backoff.ts";
import type { MinuteFrame } from "../server/history.ts";
import { SignedOut } from "../server/requests.ts";
import type { MapState } from "../state/map-state.ts";
import { MinuteStore } from "./minute-store.ts";

/** How many times faster than it was the past can go by. */
export const SPEEDS = [1, 10, 60, 300, 600] as const;
export type Speed = (typeof SPEEDS)[number];

/** How far ahead minutes are loaded while time runs: so much of the watcher's time, and at least so many, s. */
const AHEAD_S = 4;
const LEAST_AHEAD = 4;
/** The minute that still fills is looked at again so often, ms. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Shows any minute that is kept instead of the present: the {@link MapState}'s `minute` says which, and its
 * `drawnMinute` which one is on the map, which is the former one until the other is here.
 */
export class TimeMachine {
  readonly playing = signal(false);
  readonly speed = signal<Speed>(60);
  /** Whether the minute that was asked for is still on its way. */
  readonly loading = signal(false);
  /** Whether the server did not give it; it is asked again. */
  readonly failing = signal(false);
  /** The newest minute there can be, by the server's clock. */
  readonly newestMinute = signal(0);

  private readonly state: MapState;
  private readonly refresh: () => void;
  private store: MinuteStore | null = null;
  private shown: MinuteFrame | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private playedMinutes = 0;
  private playedAtMs = 0;

  private readonly runMeasure = computed(() => {
    const { measure } = this.state;
    return { proximityDm: measure.proximityDm.value, certain: measure.certain.value };
  });

  /** @param refresh called when the past table holds something else */
  constructor(state: MapState, refresh: () => void) {
    this.state = state;
    this.refresh = refresh;
  }

  /** Follows the state from now on. */
  start(): void {
    const { state } = this;
    const lookAtClock = () => {
      this.newestMinute.value = Math.floor(state.serverNowMs() / 60_000);
    };
    lookAtClock();
    setInterval(lookAtClock, 1_000);
    effect(() => {
      state.watches.value;
      state.venueId.value;
      state.minute.value;
      this.runMeasure.value;
      untracked(() => this.show());
    });
    effect(() => {
      if (this.playing.value) untracked(() => this.run());
    });
    setInterval(() => this.lookAgain(), LOOK_AGAIN_MS);
  }

  /** The minutes of a venue that are kept while its past is shown, else null. */
  storeOf(venueId: string): MinuteStore | null {
    return this.store?.isOf(venueId) ? this.store : null;
  }

  /** Shows a minute; one that is not over yet is live. */
  goTo(minute: number): void {
    const { state } = this;
    this.playing.value = false;
    if (minute >= this.newestMinute.peek()) this.goLive();
    else state.minute.value = Math.max(0, Math.round(minute));
  }

  goLive(): void {
    batch(() => {
      this.playing.value = false;
      this.state.minute.value = null;
    });
  }

  /** Goes so many minutes on or back from what is shown. */
  step(minutes: number): void {
    const from = this.state.minute.peek() ?? this.newestMinute.peek();
    if (minutes < 0 || this.state.minute.peek() !== null) this.goTo(from + minutes);
  }

  /** Lets time run, or stops it. From live it starts an hour back. */
  togglePlay(): void {
    if (this.state.minute.peek() === null) this.goTo(this.newestMinute.peek() - 60);
    this.playing.value = !this.playing.peek();
  }

  private show(): void {
    const { state } = this;
    const minute = state.minute.peek();
    const venueId = state.venueId.peek();
    clearTimeout(this.retryTimer);
    if (minute === null || venueId === null || !state.watches.peek()) {
      this.leave();
      return;
    }
    const measure = this.runMeasure.peek();
    if (!this.store?.isAbout(venueId, measure)) {
      this.store?.close();
      this.store = new MinuteStore(venueId, measure);
      this.attempt = 0;
    }
    const kept = this.store.get(minute, this.newestMinute.peek());
    if (kept === null) void this.load(this.store, minute);
    else this.draw(minute, kept);
    this.loadAhead(minute);
  }

  private leave(): void {
    this.store?.close();
    this.store = null;
    this.shown = null;
    batch(() => {
      this.playing.value = false;
      this.loading.value = false;
      this.failing.value = false;
      this.state.drawnMinute.value = null;
    });
    this.state.pastTable.restart(this.state.pastTable.anchor);
  }

  private async load(store: MinuteStore, minute: number): Promise<void> {
    this.loading.value = true;
    try {
      const loaded = await store.load(minute);
      if (this.isWanted(store, minute)) this.draw(minute, loaded);
    } catch (error) {
      if (this.isWanted(store, minute)) this.fail(error);
    }
  }

  private isWanted(store: MinuteStore, minute: number): boolean {
    return this.store === store && this.state.minute.peek() === minute;
  }

  private draw(minute: number, loaded: MinuteFrame): void {
    const { state } = this;
    if (this.shown !== loaded) {
      this.shown = loaded;
      state.pastTable.takeAnchor(loaded.anchor);
      state.pastTable.apply(loaded.frame, performance.now());
    }
    this.attempt = 0;
    batch(() => {
      this.loading.value = false;
      this.failing.value = false;
      state.drawnMinute.value = minute;
    });
    this.refresh();
  }

  private fail(error: unknown): void {
    if (error instanceof SignedOut) {
      this.state.signedOut();
      return;
    }
    this.failing.value = true;
    this.retryTimer = setTimeout(() => this.show(), 500 + backoffMs(this.attempt++, Math.random()));
  }

  private loadAhead(minute: number): void {
    if (this.store === null) return;
    const newest = this.newestMinute.peek();
    const ahead = this.playing.peek() ? Math.max(LEAST_AHEAD, Math.ceil((AHEAD_S * this.speed.peek()) / 60)) : 1;
    const minutes: number[] = [];
    for (let next = minute + 1; next <= Math.min(newest, minute + ahead); next++) minutes.push(next);
    // Whoever steps may step back.
    if (!this.playing.peek()) minutes.push(minute - 1);
    this.store.loadAhead(minutes, newest);
  }

  /** Late fixes change the past; whoever looks at it sees it. */
  private lookAgain(): void {
    if (this.state.minute.peek() !== null && !this.playing.peek() && !this.failing.peek()) this.show();
  }

  private run(): void {
    this.playedMinutes = this.state.minute.peek() ?? 0;
    this.playedAtMs = performance.now();
    const tick = () => {
      if (!this.playing.peek()) return;
      this.advance(performance.now());
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** Time waits for a minute that is not here yet. */
  private advance(nowMs: number): void {
    const minute = this.state.minute.peek();
    if (minute === null) return;
    const passed = this.playedMinutes + ((nowMs - this.playedAtMs) / 60_000) * this.speed.peek();
    this.playedAtMs = nowMs;
    const due = Math.floor(passed);
    if (due <= minute) {
      this.playedMinutes = passed;
      return;
    }
    if (due >= this.newestMinute.peek()) {
      this.goLive();
      return;
    }
    if (this.loading.peek()) return;
    this.playedMinutes = passed;
    this.state.minute.value = due;
  }
}
