import { effect, signal, untracked } from "@preact/signals";
import { MinuteStore } from "../past/minute-store.ts";
import type { TimeMachine } from "../past/time-machine.ts";
import type { MinuteFrame } from "../server/history.ts";
import type { MapState } from "../state/map-state.ts";

/** How many minutes back trails and the heat map reach. */
const RECENT_MINUTES = 10;

/** The last minutes before the time that is shown, loaded while a layer wants them. */
export class RecentMinutes {
  /** The oldest first; minutes that are not there yet are missing. */
  readonly minutes = signal<readonly MinuteFrame[]>([]);
  private readonly state: MapState;
  private readonly machine: TimeMachine;
  /** The one that minutes are loaded into, and one for while nobody looks at the past. */
  private store: MinuteStore | null = null;
  private own: MinuteStore | null = null;

  constructor(state: MapState, machine: TimeMachine) {
    this.state = state;
    this.machine = machine;
  }

  /** Follows the time and the layers from now on. @returns the way to stop */
  start(): () => void {
    const stop = effect(() => {
      const { layers, venueId, drawnMinute, minute } = this.state;
      const wanted = layers.value.has("trails") || layers.value.has("heat");
      const past = minute.value !== null;
      const last = past ? drawnMinute.value : this.machine.newestMinute.value - 1;
      const venue = venueId.value;
      untracked(() => (wanted && venue !== null && last !== null ? this.load(venue, last) : this.leave()));
    });
    return () => {
      stop();
      this.leave();
    };
  }

  private leave(): void {
    this.leaveOwn();
    this.store = null;
    if (this.minutes.peek().length > 0) this.minutes.value = [];
  }

  private load(venueId: string, last: number): void {
    const wanted = Array.from({ length: RECENT_MINUTES }, (_, back) => last - RECENT_MINUTES + 1 + back);
    void this.collect(this.storeFor(venueId), wanted);
  }

  /** That of the past while the past is shown: who looks at a minute has it. By which measure does not matter here. */
  private storeFor(venueId: string): MinuteStore {
    const shared = this.machine.storeOf(venueId);
    const measure = { proximityDm: 0, certain: false };
    if (shared !== null) this.leaveOwn();
    else if (!this.own?.isAbout(venueId, measure)) {
      this.leaveOwn();
      this.own = new MinuteStore(venueId, measure);
    }
    this.store = shared ?? this.own;
    return this.store as MinuteStore;
  }

  private leaveOwn(): void {
    this.own?.close();
    this.own = null;
  }

  private async collect(store: MinuteStore, wanted: readonly number[]): Promise<void> {
    const found = await Promise.all(
      wanted.map((minute) => store.get(minute, last(wanted)) ?? store.load(minute).catch(() => null)),
    );
    if (this.store === store) this.minutes.value = found.filter((minute) => minute !== null);
  }
}

function last(minutes: readonly number[]): number {
  return minutes.at(-1) ?? 0;
}
