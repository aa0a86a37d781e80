import type { Contact } from "@encounter/core/wire/contacts";
import type { DeviceFix } from "@encounter/core/wire/devices";
import { batch, effect, signal, untracked } from "@preact/signals";
import { type ContactsAsked, fetchDeviceContacts, fetchDeviceFixes, isPassing } from "../server/contacts.ts";
import type { MapState } from "../state/map-state.ts";
import { windowNow } from "../window/time-window.ts";

/** After the last change of the question, so that a slider that is being moved asks once. */
const SETTLED_MS = 150;
/** While minutes of the past go by. */
const PAST_EVERY_MS = 2_000;
const LIVE_EVERY_MS = 10_000;
const RETRY_MS = 5_000;

/** What was asked and what came of it. */
export interface HistoryAnswer {
  readonly asked: ContactsAsked;
  readonly contacts: readonly Contact[];
  readonly fixes: readonly DeviceFix[];
}

/**
 * Contacts and fixes of a device in the window and by the measure that are in force. What was there stays until what
 * replaces it is whole.
 */
export class DeviceHistory {
  readonly answer = signal<HistoryAnswer | null>(null);
  readonly loading = signal(true);
  /** Contacts of the answer that is on its way. */
  readonly progress = signal(0);
  readonly trouble = signal<string | null>(null);

  readonly device: string;
  private readonly state: MapState;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | null = null;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private liveSign = "";

  constructor(state: MapState, device: string) {
    this.state = state;
    this.device = device;
  }

  /** Follows the state from now on. @returns ends it */
  start(): () => void {
    const stops = [
      effect(() => this.followQuestion()),
      effect(() => this.followPast()),
      effect(() => this.followLive()),
    ];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(this.timer);
      this.request?.abort();
    };
  }

  /** Asks again, now. */
  refresh(): void {
    this.askIn(0);
  }

  private followQuestion(): void {
    const { state } = this;
    state.venueId.value;
    state.measure.query();
    state.windowFrom.value;
    state.windowTo.value;
    state.windowMinutes.value;
    untracked(() => {
      this.loading.value = true;
      this.askIn(this.answer.peek() === null ? 0 : SETTLED_MS);
    });
  }

  /** A window without an end of its own goes with the minute, except while a contact is looked into. */
  private followPast(): void {
    const { state } = this;
    state.minute.value;
    untracked(() => {
      if (state.windowTo.peek() !== null || state.other.peek() !== null || this.answer.peek() === null) return;
      this.askIn(Math.max(SETTLED_MS, this.askedAtMs + PAST_EVERY_MS - performance.now()));
    });
  }

  /** Live, where something happened to this device, and not before the last answer is ten seconds old. */
  private followLive(): void {
    const { state } = this;
    state.beat.value;
    untracked(() => {
      if (state.minute.peek() !== null || state.windowTo.peek() !== null || this.loading.peek()) return;
      if (performance.now() < this.askedAtMs + LIVE_EVERY_MS || this.signOfLife() === this.liveSign) return;
      this.askIn(0);
    });
  }

  /** Changes whenever a contact of this device may have. */
  private signOfLife(): string {
    const { liveTable } = this.state;
    const index = liveTable.indexOf(this.device);
    const { lines, minute } = liveTable;
    const own = [String(minute)];
    for (let line = 0; line < lines.count; line++) {
      if (lines.a[line] === index || lines.b[line] === index)
        own.push(`${lines.a[line]}-${lines.b[line]}-${lines.minutes[line]}`);
    }
    return own.join(" ");
  }

  private askIn(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), delayMs);
  }

  private async ask(): Promise<void> {
    const { state } = this;
    const venueId = state.venueId.peek();
    if (venueId === null) return;
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.askedAtMs = performance.now();
    this.liveSign = this.signOfLife();
    const asked = { venueId, ...this.windowToAsk(), measure: untracked(() => state.measure.query()) };
    batch(() => {
      this.loading.value = true;
      this.progress.value = 0;
    });
    try {
      const [contacts, fixes] = await this.fetch(asked, request);
      if (!request.signal.aborted) this.take({ asked, contacts, fixes }, null);
    } catch (error) {
      if (request.signal.aborted) return;
      this.take(this.answer.peek(), error instanceof Error ? error.message : String(error));
      if (isPassing(error)) this.askIn(RETRY_MS);
    }
  }

  private fetch(asked: ContactsAsked, { signal }: AbortController): Promise<[Contact[], readonly DeviceFix[]]> {
    const count = (contacts: number) => {
      if (!signal.aborted) this.progress.value = contacts;
    };
    return Promise.all([
      fetchDeviceContacts(asked, this.device, signal, count),
      fetchDeviceFixes(asked, this.device, signal),
    ]);
  }

  /** The minutes of a contact are walked through in the window in which it was found. */
  private windowToAsk(): { fromMs: number; toMs: number } {
    const { state } = this;
    const before = this.answer.peek()?.asked;
    const now = windowNow(state);
    const walks = state.minute.peek() !== null && state.other.peek() !== null && state.windowTo.peek() === null;
    if (!walks || before === undefined) return now;
    return { fromMs: state.windowFrom.peek() ?? before.fromMs, toMs: before.toMs };
  }

  private take(answer: HistoryAnswer | null, trouble: string | null): void {
    batch(() => {
      this.answer.value = answer;
      this.trouble.value = trouble;
      this.loading.value = false;
    });
  }
}
