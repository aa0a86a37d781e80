import { signal } from "@preact/signals";

/** A style from elsewhere that is not there by then stays away, ms. */
const BASE_MS = 10_000;

/** Gives a base up that does not come, for the world's outline: a venue can be watched without streets. */
export class BaseLoss {
  /** Whether the base that is configured could not be shown. */
  readonly lost = signal(false);
  private readonly standIn: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with every engine, for one that is closed has nothing to lose. */
  private engine = 0;
  /** The engine whose base is given up already, for trouble seldom comes alone. */
  private lostEngine = -1;

  /** @param standIn opens the map without the base */
  constructor(standIn: () => void) {
    this.standIn = standIn;
  }

  /** From now on the base has so long to come. */
  expect(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lose("it did not answer"), BASE_MS);
  }

  /** It came. */
  arrived(): void {
    clearTimeout(this.timer);
  }

  /** The engine is closed. */
  rest(): void {
    clearTimeout(this.timer);
    this.engine++;
  }

  /** Gives the base up. */
  lose(message: string): void {
    const { engine } = this;
    if (this.lostEngine === engine) return;
    this.lostEngine = engine;
    this.lost.value = true;
    console.warn("The base of the map could not be shown:", message);
    // The engine may be the one who calls.
    setTimeout(() => {
      if (engine === this.engine) this.standIn();
    });
  }
}
