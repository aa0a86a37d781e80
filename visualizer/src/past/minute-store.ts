import { fetchMinute, type MinuteFrame, type RunMeasure } from "../server/history.ts";

/** Requests on their way at a time: more would only wait for one another. */
const MOST_REQUESTS = 4;
const MOST_BYTES = 96e6;
/** The newest minutes still grow; what was asked of them is asked again after so long, ms. */
const FRESH_MS = 5_000;
/** Minutes this far behind the newest may change too, by a late fix, but seldom, ms. */
const SETTLED_MS = 60_000;

interface Kept {
  readonly minute: MinuteFrame;
  readonly atMs: number;
}

interface Subject {
  readonly venueId: string;
  readonly measure: RunMeasure;
}

/** Past minutes of one venue by one measure: those that were asked for are kept, within bounds, the latest longest. */
export class MinuteStore {
  private readonly subject: Subject;
  private readonly kept = new Map<number, Kept>();
  private readonly waiting: number[] = [];
  private readonly asked = new Map<number, Promise<MinuteFrame>>();
  private readonly abortion = new AbortController();
  private bytes = 0;
  private running = 0;

  constructor(venueId: string, measure: RunMeasure) {
    this.subject = { venueId, measure };
  }

  /** Whether these are minutes of this venue by this measure. */
  isAbout(venueId: string, { proximityDm, certain }: RunMeasure): boolean {
    const { measure } = this.subject;
    return this.subject.venueId === venueId && measure.proximityDm === proximityDm && measure.certain === certain;
  }

  /** Whether these are minutes of this venue, by whatever measure. */
  isOf(venueId: string): boolean {
    return this.subject.venueId === venueId;
  }

  /** A minute that is here, else null. @param newest minute of which more may come */
  get(minute: number, newest: number): MinuteFrame | null {
    const kept = this.kept.get(minute);
    if (kept === undefined) return null;
    const freshMs = minute >= newest - 1 ? FRESH_MS : SETTLED_MS;
    return performance.now() - kept.atMs > freshMs ? null : kept.minute;
  }

  /**
   * A minute from the server.
   * @throws SignedOut | Refused | Unreachable, and AbortError once the store is closed
   */
  load(minute: number): Promise<MinuteFrame> {
    const asked = this.asked.get(minute);
    if (asked !== undefined) return asked;
    const { venueId, measure } = this.subject;
    this.running++;
    const answer = fetchMinute(venueId, minute, measure, this.abortion.signal)
      .then((loaded) => {
        this.keep(minute, loaded);
        return loaded;
      })
      .finally(() => {
        this.running--;
        this.asked.delete(minute);
        this.loadWaiting();
      });
    this.asked.set(minute, answer);
    return answer;
  }

  /** Has minutes loaded ahead, in this order, while nothing more urgent is on its way. */
  loadAhead(minutes: readonly number[], newest: number): void {
    const wanted = minutes.filter((minute) => this.get(minute, newest) === null);
    this.waiting.splice(0, this.waiting.length, ...wanted);
    this.loadWaiting();
  }

  /** Gives up what is on its way. */
  close(): void {
    this.waiting.length = 0;
    this.abortion.abort();
  }

  private loadWaiting(): void {
    while (this.running < MOST_REQUESTS) {
      const minute = this.waiting.shift();
      if (minute === undefined) return;
      // What could not be had ahead is asked for again when it is due, and told then.
      if (!this.asked.has(minute)) this.load(minute).catch(() => {});
    }
  }

  private keep(minute: number, loaded: MinuteFrame): void {
    this.drop(minute);
    this.kept.set(minute, { minute: loaded, atMs: performance.now() });
    this.bytes += loaded.bytes;
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= MOST_BYTES || oldest === minute) break;
      this.drop(oldest);
    }
  }

  private drop(minute: number): void {
    const kept = this.kept.get(minute);
    if (kept === undefined) return;
    this.bytes -= kept.minute.bytes;
    this.kept.delete(minute);
  }
}
