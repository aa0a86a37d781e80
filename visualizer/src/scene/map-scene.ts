import { computed, effect, type Signal, signal, untracked } from "@preact/signals";
import type { Base } from "../base/base.ts";
import { type BaseChoice, chooseBase, OWN_BASE } from "../base/base-choice.ts";
import { metreGrid } from "../base/grids.ts";
import { readyBase } from "../base/ready-base.ts";
import { GRID_SOURCE, NOTHING, VENUE_SOURCE, VENUES_END_ZOOM } from "../base/world-layers.ts";
import { DeviceDrawing } from "../drawing/device-drawing.ts";
import type { EngineListener, MapEngine, PointerPlace } from "../engine/engine.ts";
import { openEngine } from "../engine/open-engine.ts";
import { texts } from "../language/language.ts";
import { MapLayers } from "../layers/map-layers.ts";
import type { TimeMachine } from "../past/time-machine.ts";
import { planOnFloor } from "../plan/plan.ts";
import { PLAN_SOURCE } from "../plan/plan-layers.ts";
import type { FrameMeter } from "../state/frame-meter.ts";
import type { MapState } from "../state/map-state.ts";
import { isDark, palette, reducedMotion } from "../theme/theme.ts";
import { BaseLoss } from "./base-loss.ts";
import { CameraKeeping, firstCamera } from "./camera-keeping.ts";
import { picture, pictureLayers, upperLayers } from "./picture.ts";
import { deviceAt } from "./pointing.ts";
import { RoomLabelling } from "./room-labelling.ts";
import { venueAt, venueDiscs } from "./venue-discs.ts";
import { WorldLoading } from "./world-loading.ts";

/** How often names of rooms give way to who walks into them, ms. */
const LABELS_EVERY_MS = 2_000;
/** A device this near to the edge is not in sight. */
const EDGE_PX = 48;

/** What the camera shows, for the scale bar and its like. */
export interface Outlook {
  readonly metresPerPx: number;
  readonly bearing: number;
  readonly zoom: number;
}

/** A device under the pointer and where it is on the screen. */
export interface Pointed {
  readonly device: string;
  readonly xPx: number;
  readonly yPx: number;
}

/** Puts a {@link MapState} on a map: one engine, one picture, and what keeps them the same. */
export class MapScene implements EngineListener {
  readonly outlook = signal<Outlook | null>(null);
  readonly pointed = signal<Pointed | null>(null);
  /** Words of an engine that could not start. */
  readonly failure = signal<string | null>(null);
  private readonly farAway = computed(() => (this.outlook.value?.zoom ?? 0) < VENUES_END_ZOOM + 1);
  private readonly state: MapState;
  private readonly element: HTMLElement;
  private readonly meter: FrameMeter;
  private readonly drawing: DeviceDrawing;
  private readonly roomLabelling: RoomLabelling;
  private readonly world: WorldLoading;
  private readonly layers: MapLayers;
  /** Where the camera last came to rest. */
  private readonly restingZoom = signal(0);
  private engine: MapEngine | null = null;
  private stopFollowingBase: () => void = () => {};
  private stops: (() => void)[] = [];
  private opening = 0;
  private choice: BaseChoice = OWN_BASE;
  private readonly baseLoss = new BaseLoss(() => void this.open(OWN_BASE));
  private keeping: CameraKeeping | null = null;

  /** Whether the base that is configured could not be shown, so that the world's outline stands in for it. */
  get baseLost(): Signal<boolean> {
    return this.baseLoss.lost;
  }

  constructor(state: MapState, machine: TimeMachine, element: HTMLElement, meter: FrameMeter) {
    this.state = state;
    this.layers = new MapLayers(state, machine);
    this.element = element;
    this.meter = meter;
    this.drawing = new DeviceDrawing(palette.peek(), () => meter.pace.begin());
    this.roomLabelling = new RoomLabelling(state, this.drawing, element);
    this.world = new WorldLoading();
  }

  /** Opens the engine and follows the state from then on; opens it anew where the base must change. */
  start(): void {
    this.stopFollowingBase = effect(() => {
      const choice = chooseBase(this.state.config.value, () => isDark.value);
      this.baseLoss.lost.value = false;
      untracked(() => void this.open(choice));
    });
  }

  close(): void {
    this.stopFollowingBase();
    this.closeEngine();
  }

  moved(): void {
    const { engine } = this;
    if (engine === null) return;
    const { zoom, bearing, latitude } = engine.camera();
    const metresPerPx = (40_075_016.686 * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom);
    this.outlook.value = { metresPerPx, bearing, zoom };
    this.pointed.value = null;
  }

  rested(byHand: boolean): void {
    const { engine } = this;
    if (engine === null) return;
    this.keeping?.rested(byHand);
    this.restingZoom.value = engine.camera().zoom;
    this.roomLabelling.place(engine);
    this.world.look(engine);
  }

  clicked(place: PointerPlace): void {
    const { state, engine } = this;
    if (engine === null) return;
    const venue = this.farAway.peek() ? venueAt(state, engine, place) : null;
    const index = deviceAt(state, engine, place);
    if (venue !== null) this.visit(venue);
    else state.select(index < 0 ? null : (state.table.names[index] ?? null));
  }

  hovered(place: PointerPlace | null): void {
    const { state, engine } = this;
    if (engine === null) return;
    const index = place === null ? -1 : deviceAt(state, engine, place);
    const device = index < 0 ? null : (state.table.names[index] ?? null);
    if (device === null) {
      if (this.pointed.peek() !== null) this.pointed.value = null;
    } else this.pointed.value = { device, ...this.onScreen(index) };
    engine.setPointer(device !== null);
  }

  private visit(venueId: string): void {
    if (venueId === this.state.venueId.peek()) this.showVenue();
    else this.state.goTo(venueId);
  }

  failed(message: string): void {
    if (this.choice.kind === "own") this.failure.value = message;
    else this.baseLoss.lose(message);
  }

  pictured(): void {
    this.baseLoss.arrived();
  }

  zoomBy(levels: number): void {
    this.keeping?.send((engine) => engine.zoomBy(levels));
  }

  turnNorth(): void {
    this.keeping?.send((engine) => engine.glide({ bearing: 0 }));
  }

  /** Shows the whole venue, and follows it from then on. */
  showVenue(): void {
    if (this.state.camera.peek() === null) this.keeping?.frame(true);
    else this.state.camera.value = null;
  }

  /**
   * Gives the drawn map to somebody, with the words in which its base wants to be credited.
   * @throws Error where there is no map
   */
  async capture<Result>(take: (canvas: HTMLCanvasElement, credit: string) => Result): Promise<Result> {
    if (this.engine === null) throw new Error("There is no map to capture");
    const credit = this.element.querySelector(".maplibregl-ctrl-attrib-inner, .mapboxgl-ctrl-attrib-inner");
    return this.engine.capture((canvas) => take(canvas, credit?.textContent?.trim() ?? ""));
  }

  /** Brings a device into sight if it is not. */
  showDevice(name: string): void {
    const { state, engine } = this;
    const index = state.table.indexOf(name);
    if (engine === null || index < 0) return;
    const { xPx, yPx } = this.onScreen(index);
    const { clientWidth, clientHeight } = this.element;
    const inSight = xPx > EDGE_PX && yPx > EDGE_PX && xPx < clientWidth - EDGE_PX && yPx < clientHeight - EDGE_PX;
    if (inSight) return;
    const { longitude, latitude } = state.table.placeOf(index);
    this.keeping?.send(() => engine.glide({ longitude, latitude }));
  }

  private onScreen(index: number): { xPx: number; yPx: number } {
    const { longitude, latitude } = this.state.table.placeOf(index);
    return this.engine!.project(longitude, latitude);
  }

  private async open(choice: BaseChoice): Promise<void> {
    const camera = this.engine?.camera() ?? this.state.camera.peek() ?? firstCamera(this.state);
    this.closeEngine();
    const opening = ++this.opening;
    this.choice = choice;
    const title = texts.peek().mapTitle;
    try {
      const base = await readyBase(choice, palette.peek());
      if (opening !== this.opening) return;
      const options = { container: this.element, camera, base: base.style, listener: this, title };
      const engine = await openEngine(options, base.token);
      // Meanwhile another base may have been asked for.
      if (opening !== this.opening) engine.destroy();
      else this.follow(engine, base);
    } catch (error) {
      if (opening === this.opening) this.failed(String(error));
    }
  }

  private closeEngine(): void {
    this.opening++;
    this.baseLoss.rest();
    for (const stop of this.stops.splice(0)) stop();
    this.engine?.destroy();
    this.engine = null;
    this.keeping = null;
  }

  /** From here on the map shows what the state says. */
  private follow(engine: MapEngine, base: Base): void {
    const { state } = this;
    this.engine = engine;
    this.element.dataset.engine = engine.kind;
    this.element.dataset.base = this.choice.kind;
    if (this.choice.kind !== "own") this.baseLoss.expect();
    engine.show(picture(palette.peek(), state.table.anchor, base, this.drawing));
    this.world.start(engine, base.ownWorld);
    this.moved();
    this.restingZoom.value = engine.camera().zoom;
    const follow = (what: () => void) => this.stops.push(effect(what));
    follow(() => this.followLook(engine, base));
    follow(() => engine.setTitle(texts.value.mapTitle));
    follow(() => this.world.speak(texts.value.code));
    follow(() => engine.setData(PLAN_SOURCE, planOnFloor(state.plan.value ?? null, state.floor.value)));
    follow(() =>
      engine.setData(GRID_SOURCE, state.hello.value === null ? NOTHING : metreGrid(state.hello.value.anchor)),
    );
    follow(() => engine.setData(VENUE_SOURCE, this.farAway.value ? venueDiscs(state) : NOTHING));
    follow(() => this.followRooms());
    follow(() => this.followDevices(engine));
    const timer = setInterval(() => this.roomLabelling.place(engine), LABELS_EVERY_MS);
    this.keeping = new CameraKeeping(state, engine, this.element);
    const layers = this.layers.start(engine, () => this.restingZoom.value);
    this.stops.push(() => clearInterval(timer), this.keeping.start(), layers);
  }

  private followLook(engine: MapEngine, { ownWorld, layers }: Base): void {
    this.drawing.setPalette(palette.value);
    this.drawing.setReducedMotion(reducedMotion.value);
    const latitude = this.state.hello.value?.anchor.latitude ?? 0;
    const beneath = pictureLayers(palette.value, latitude, ownWorld, layers(palette.value));
    engine.repaint([...beneath, ...upperLayers(palette.value)]);
    engine.requestFrame();
  }

  private followDevices(engine: MapEngine): void {
    const { state, drawing, meter, element } = this;
    state.revision.value;
    const { table, view } = state;
    const layers = state.layers.value;
    const selected = state.selected.value === null ? -1 : table.indexOf(state.selected.value);
    const other = state.other.value === null ? -1 : table.indexOf(state.other.value);
    const pointed = this.pointed.value === null ? -1 : table.indexOf(this.pointed.value.device);
    meter.measure(() => {
      drawing.show({ rings: layers.has("rings"), lines: layers.has("lines"), labels: layers.has("labels") });
      drawing.emphasise(selected < 0 ? null : selected, pointed < 0 ? null : pointed, other < 0 ? null : other);
      drawing.update(table, view, performance.now());
    });
    meter.endFrame();
    engine.requestFrame();
    this.roomLabelling.placeFresh(engine);
    element.dataset.circles = String(view.count);
    element.dataset.lines = String(layers.has("lines") ? view.lineCount : 0);
    element.dataset.scriptMs = `${meter.quantileMs(0.5).toFixed(1)} ${meter.quantileMs(0.95).toFixed(1)}`;
  }

  private followRooms(): void {
    const { state } = this;
    state.plan.value;
    state.floor.value;
    state.hello.value;
    state.layers.value;
    untracked(() => this.roomLabelling.take());
  }
}
