import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** The venue's own measure: what holds where nothing else is asked. */
export interface VenueMeasure {
  readonly proximityDm: number;
  readonly minMinutes: number;
  readonly capDm: number;
}

/**
 * By which measure two devices are near and in contact: the venue's, or what the operator tries out. Null in a signal
 * that can be set means the venue's.
 */
export class Measure {
  readonly askedProximityDm = signal<number | null>(null);
  readonly askedMinMinutes = signal<number | null>(null);
  /** Whether only certain minutes count. */
  readonly certain = signal(false);
  readonly venue: ReadonlySignal<VenueMeasure>;

  readonly proximityDm = computed(() => {
    const { proximityDm, capDm } = this.venue.value;
    return Math.min(this.askedProximityDm.value ?? proximityDm, capDm);
  });
  readonly minMinutes = computed(() => this.askedMinMinutes.value ?? this.venue.value.minMinutes);
  /** Whether anything differs from the venue's own measure. */
  readonly isTried = computed(
    () =>
      this.proximityDm.value !== this.venue.value.proximityDm ||
      this.minMinutes.value !== this.venue.value.minMinutes ||
      this.certain.value,
  );

  constructor(venue: ReadonlySignal<VenueMeasure>) {
    this.venue = venue;
  }

  /** Back to the venue's own. */
  reset(): void {
    this.askedProximityDm.value = null;
    this.askedMinMinutes.value = null;
    this.certain.value = false;
  }

  /** The measure as words of a query of the api: `proximity`, `min_minutes` and `certain`. */
  query(): URLSearchParams {
    const words = new URLSearchParams();
    words.set("proximity", String(this.proximityDm.value / 10));
    words.set("min_minutes", String(this.minMinutes.value));
    if (this.certain.value) words.set("certain", "true");
    return words;
  }
}
