import { effect, untracked } from "@preact/signals";
import type { Camera, MapEngine } from "../engine/engine.ts";
import type { MapState } from "../state/map-state.ts";
import { reducedMotion } from "../theme/theme.ts";
import { frameOfVenue } from "./framing.ts";

/** Who follows a device wants to see it. */
const FOLLOW_ZOOM = 19;
/** Of a venue whose plan is not there yet: most are buildings. */
const FIRST_ZOOM = 17.5;
const NOWHERE: Camera = { longitude: 0, latitude: 20, zoom: 1.4, bearing: 0 };

/** Where the venue is, as far as that is known: the world is not looked at on the way there. */
export function firstCamera(state: MapState): Camera {
  const place = state.venue.peek()?.place ?? null;
  return place === null ? NOWHERE : { ...place, zoom: FIRST_ZOOM, bearing: 0 };
}

/** Keeps the camera of an engine and the one of the state the same, and the venue or a followed device in sight. */
export class CameraKeeping {
  private readonly state: MapState;
  private readonly engine: MapEngine;
  private readonly element: HTMLElement;
  private framedVenue: string | null = null;
  private hadCamera = false;
  /** Whether the camera is on its way to where the user sent it. */
  private isSent = false;

  constructor(state: MapState, engine: MapEngine, element: HTMLElement) {
    this.state = state;
    this.engine = engine;
    this.element = element;
  }

  /** Follows the state from now on. @returns the way to stop */
  start(): () => void {
    const stops = [effect(() => this.followCamera()), effect(() => this.followSelected()), this.followSize()];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Sends the camera somewhere for the user: where it comes to rest is where the user looks. */
  send(move: (engine: MapEngine) => void): void {
    this.isSent = true;
    move(this.engine);
    // What was on its way before came to rest within, and so did this one where nothing is to be seen moving.
    this.isSent = this.engine.isMoving();
  }

  /** The camera came to rest. */
  rested(byHand: boolean): void {
    const { state, engine } = this;
    if (byHand) state.follows.value = false;
    if (byHand || this.isSent) state.camera.value = engine.camera();
    this.isSent = false;
  }

  /** Shows the whole venue. */
  frame(smoothly: boolean): void {
    const { engine, state } = this;
    const frame = frameOfVenue(state, this.element);
    if (frame === null) return;
    this.framedVenue = state.venueId.peek();
    if ("bounds" in frame) engine.fit(frame.bounds, frame.padding, smoothly && !reducedMotion.peek());
    else engine.jump(frame.camera);
  }

  /** A camera from a link or from Back is taken; without one the venue is framed, as soon as it can be. */
  private followCamera(): void {
    const { state, engine } = this;
    const camera = state.camera.value;
    const venueId = state.venueId.value;
    const ready = state.plan.value !== undefined && (state.plan.value !== null || state.filled.value);
    const returns = camera === null && this.hadCamera;
    this.hadCamera = camera !== null;
    if (camera !== null) {
      this.framedVenue = venueId;
      if (!sameCamera(camera, engine.camera())) untracked(() => engine.jump(camera));
    } else if (ready && (returns || this.framedVenue !== venueId)) {
      untracked(() => this.frame(returns && this.framedVenue === venueId));
    }
  }

  /** Goes with the selected device, to its floor too, for as long as the operator wants. */
  private followSelected(): void {
    const { state, engine } = this;
    state.beat.value;
    state.drawnMinute.value;
    if (!state.follows.value || state.selected.value === null) return;
    const { table, view } = state;
    const index = table.indexOf(state.selected.value);
    if (index < 0 || !view.isPresent(index)) return;
    untracked(() => {
      if (table.floor[index] !== state.floor.peek()) state.chosenFloor.value = table.floor[index]!;
      const { zoom, bearing } = engine.camera();
      const camera = { ...table.placeOf(index), zoom: Math.max(zoom, FOLLOW_ZOOM), bearing };
      if (reducedMotion.peek()) engine.jump(camera);
      else engine.glide(camera);
    });
  }

  /** A map that grew or shrank still shows the whole venue, unless the user took the camera elsewhere. */
  private followSize(): () => void {
    const observer = new ResizeObserver(() => {
      // The engine learns of it at the same time.
      requestAnimationFrame(() => {
        if (this.state.camera.peek() === null && this.framedVenue !== null) this.frame(false);
      });
    });
    observer.observe(this.element);
    return () => observer.disconnect();
  }
}

function sameCamera(a: Camera, b: Camera): boolean {
  const near = (x: number, y: number, slack: number) => Math.abs(x - y) <= slack;
  return (
    near(a.longitude, b.longitude, 1e-6) &&
    near(a.latitude, b.latitude, 1e-6) &&
    near(a.zoom, b.zoom, 0.01) &&
    near(a.bearing, b.bearing, 0.1)
  );
}
