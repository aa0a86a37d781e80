import type { LiveFrame, LiveHello } from "@encounter/core/wire/live";
import { effect, untracked } from "@preact/signals";
import { caseReference } from "../access/case-reference.ts";
import { readPlan } from "../plan/plan.ts";
import {
  type Absence,
  type Connection,
  type LineMeasure,
  LiveConnection,
  type LiveListener,
} from "../server/live-connection.ts";
import { fetchPlan, fetchStatus, liveUrl } from "../server/venues.ts";
import type { FrameMeter } from "./frame-meter.ts";
import type { MapState } from "./map-state.ts";

const REFRESH_MS = 1_000;
const PLAN_RETRY_MS = 3_000;
/** Whoever drags a slider means where it comes to rest, ms. */
const LOOK_PAUSE_MS = 150;

/** Keeps a {@link MapState} true to the venue that it names: plan, feed, and what follows from time alone. */
export class VenueWatch implements LiveListener {
  private readonly state: MapState;
  private readonly meter: FrameMeter;
  private readonly onGone: () => void;
  private connection: LiveConnection | null = null;
  private planRequest: AbortController | null = null;
  /** Of the plan that is here or on its way; null before the first hello. */
  private planRevision: number | null = null;
  private refreshPending = false;
  private nextFrame: number | null = null;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param onGone called where the venue is no longer there */
  constructor(state: MapState, meter: FrameMeter, onGone: () => void) {
    this.state = state;
    this.meter = meter;
    this.onGone = onGone;
  }

  /** Watches whatever venue is chosen, from now on. */
  start(): void {
    effect(() => {
      const venueId = this.state.venueId.value;
      // Another case, or other rights, are another feed.
      this.state.traces.value;
      caseReference.value;
      const shown = this.state.watches.value && venueId !== null;
      untracked(() => (shown ? this.open(venueId) : this.close()));
    });
    effect(() => {
      this.state.floor.value;
      this.state.thresholds.value;
      this.state.minute.value;
      this.refreshNext();
    });
    effect(() => {
      const { proximityDm, certain } = this.state.measure;
      const look = { proximityDm: proximityDm.value, certain: certain.value };
      this.state.refusal.value = null;
      clearTimeout(this.lookTimer);
      this.lookTimer = setTimeout(() => this.connection?.look(look), LOOK_PAUSE_MS);
    });
    setInterval(() => this.passTime(), REFRESH_MS);
    addEventListener("online", () => this.connection?.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.connection?.retryNow();
    });
  }

  retryNow(): void {
    this.connection?.retryNow();
  }

  hello(hello: LiveHello): void {
    const { state } = this;
    const { longitude, latitude } = state.liveTable.anchor;
    const moved = longitude !== hello.anchor.longitude || latitude !== hello.anchor.latitude;
    if (moved) state.liveTable.restart(hello.anchor);
    state.hello.value = hello;
    // The first hello of a venue finds the plan already asked for.
    const planChanged = this.planRevision !== null && this.planRevision !== hello.plan_revision;
    this.planRevision = hello.plan_revision;
    if (planChanged) void this.loadPlan(hello.venue_id);
  }

  frame(frame: LiveFrame): void {
    const { state } = this;
    this.meter.measure(() => state.liveTable.apply(frame, performance.now()));
    state.clock.learn(frame.timeMs, Date.now());
    // The past that is shown does not change with it.
    if (state.minute.peek() !== null && !frame.snapshot) return;
    if (frame.snapshot) this.refresh();
    else this.refreshSoon();
    if (frame.snapshot) this.settle();
  }

  changed(connection: Connection, absence: Absence | null): void {
    const { state } = this;
    if (connection !== "live" && state.connection.peek() === "live") this.loseSight();
    if (connection === "live") {
      state.filled.value = true;
      state.lostAtMs.value = null;
    }
    state.absence.value = absence;
    if (connection === "signed-out") state.signedOut();
    else state.connection.value = connection;
  }

  refused(message: string): void {
    this.state.refusal.value = message;
  }

  gone(): void {
    this.onGone();
  }

  private open(venueId: string): void {
    this.close();
    this.state.forgetVenue();
    this.planRevision = null;
    void this.loadPlan(venueId);
    const surroundings = {
      open: () => new WebSocket(liveUrl(venueId, this.triedMeasure())),
      check: () => fetchStatus(venueId),
      random: Math.random,
    };
    this.connection = new LiveConnection(surroundings, this);
  }

  /** What lines are to be measured by, where it is not the venue's own. */
  private triedMeasure(): LineMeasure | null {
    const { proximityDm, certain, venue } = this.state.measure;
    const usual = proximityDm.peek() === venue.peek().proximityDm && !certain.peek();
    return usual ? null : { proximityDm: proximityDm.peek(), certain: certain.peek() };
  }

  private close(): void {
    this.connection?.close();
    this.connection = null;
    this.planRequest?.abort();
  }

  /** What was near a moment ago may be so no longer, and nobody would say: positions grow old visibly, lines do not. */
  private loseSight(): void {
    const { state } = this;
    state.lostAtMs.value = state.serverNowMs();
    state.liveTable.dropLines();
    this.refresh();
  }

  private async loadPlan(venueId: string): Promise<void> {
    this.planRequest?.abort();
    const request = new AbortController();
    this.planRequest = request;
    try {
      const plan = await fetchPlan(venueId, request.signal);
      if (!request.signal.aborted) this.state.plan.value = plan?.features.length ? readPlan(plan) : null;
    } catch {
      if (!request.signal.aborted) setTimeout(() => this.loadPlanAgain(venueId, request), PLAN_RETRY_MS);
    }
  }

  private loadPlanAgain(venueId: string, failed: AbortController): void {
    if (this.planRequest === failed && !failed.signal.aborted) void this.loadPlan(venueId);
  }

  /** Decides which floor is shown if nobody chose one: once, when the venue is first seen. */
  private settle(): void {
    const { settledFloor, summary } = this.state;
    if (settledFloor.peek() !== null || summary.peek().devices === 0) return;
    const [fullest] = [...summary.peek().floors].sort((a, b) => b[1] - a[1])[0]!;
    settledFloor.value = fullest;
  }

  /** What is live ages by itself, what is past does not. */
  private passTime(): void {
    if (this.state.minute.peek() === null) this.refreshSoon();
    else this.state.touchTime();
  }

  private refreshSoon(): void {
    if (this.refreshPending) return;
    this.refreshPending = true;
    setTimeout(() => this.refreshNext(), this.meter.pace.restMs());
  }

  /** Refreshes with the next frame: somebody asked for it, and waits. */
  private refreshNext(): void {
    if (this.nextFrame !== null) return;
    this.nextFrame = requestAnimationFrame(() => {
      this.nextFrame = null;
      this.refreshPending = false;
      this.refresh();
    });
  }

  /** Builds the view anew from the table that is shown. */
  refresh(): void {
    const { state } = this;
    this.meter.measure(() => {
      state.view.build(state.table, state.floor.peek(), state.thresholds.peek(), state.shownTimeMs());
    });
    state.summary.value = state.view.summary;
    state.touch();
  }
}
