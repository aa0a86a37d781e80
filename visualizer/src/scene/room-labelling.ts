import { toAnchored } from "@encounter/core/wire/live";
import { pxPerMetre } from "../drawing/anchored-matrix.ts";
import type { DeviceDrawing } from "../drawing/device-drawing.ts";
import type { MapEngine } from "../engine/engine.ts";
import { roomCounts } from "../layers/room-counts.ts";
import { ROOM_LABEL_SOURCE } from "../plan/plan-layers.ts";
import {
  type LabelledRoom,
  type LabelScale,
  labelFeatures,
  labelledRooms,
  type Obstacles,
  type RoomLabel,
  RoomLabels,
  roomsNear,
  type Spot,
} from "../plan/room-labels.ts";
import type { MapState } from "../state/map-state.ts";
import { labelWidthPx, loadFontFor } from "../theme/fonts.ts";

const PLAN_ZOOM = 15;
/** From here on furniture is large enough to have its name on it. */
const FURNITURE_ZOOM = 19.5;
/** Beyond this many in sight a crowd is everywhere, and to look for gaps in it costs more than it gives. */
const MOST_DOTS = 5_000;
const MOST_LINES = 1_000;
/** With so many in sight a name beneath them is a blot. */
const CROWD = 150;
const LINE_STEPS = 6;

/** Keeps the names of rooms where nobody stands. */
export class RoomLabelling {
  private readonly state: MapState;
  private readonly drawing: DeviceDrawing;
  private rooms: readonly LabelledRoom[] = [];
  private furniture: readonly LabelledRoom[] = [];
  private labels = new RoomLabels();
  private shown = "";
  private fontReady = false;
  private fresh = false;

  private readonly element: HTMLElement;

  /** @param element that the map is in, for how much of it is in sight */
  constructor(state: MapState, drawing: DeviceDrawing, element: HTMLElement) {
    this.state = state;
    this.element = element;
    this.drawing = drawing;
  }

  /** Takes over the rooms of the floor that is shown now; they are placed once it is known who is there. */
  take(): void {
    const { state } = this;
    this.rooms = labelledRooms(state.plan.peek() ?? null, state.floor.peek(), state.table.anchor);
    this.furniture = labelledRooms(state.plan.peek() ?? null, state.floor.peek(), state.table.anchor, "furniture");
    this.labels = new RoomLabels();
    this.fontReady = false;
    this.fresh = true;
    const { rooms } = this;
    const letters = new Set([...rooms, ...this.furniture].map(({ name }) => name).join(""));
    void loadFontFor(`${[...letters].join("")}0123456789()`).finally(() => {
      this.fontReady = rooms === this.rooms;
    });
  }

  /** Places the names of rooms that were just taken over. */
  placeFresh(engine: MapEngine): void {
    if (this.fresh && this.fontReady) this.place(engine);
  }

  /** Looks where the names fit now. */
  place(engine: MapEngine): void {
    if (!this.fontReady) return;
    this.fresh = false;
    const camera = engine.camera();
    const { anchor } = this.state.table;
    const layers = this.state.layers.peek();
    const counts = layers.has("counts") ? roomCounts(this.state) : null;
    const wording = (name: string, kind: LabelledRoom["kind"]) =>
      counts === null || kind === "furniture" ? name : `${name} (${counts.get(name) ?? 0})`;
    const measurePx = (name: string, sizePx: number, kind: LabelledRoom["kind"]) =>
      labelWidthPx(wording(name, kind), sizePx);
    const scale = { pxPerM: pxPerMetre(anchor, camera.zoom), measurePx };
    const named = camera.zoom >= PLAN_ZOOM && (layers.has("rooms") || counts !== null);
    const labels = named ? this.placed(scale, toAnchored(anchor, camera.longitude, camera.latitude), camera.zoom) : [];
    const features = labelFeatures(labels, anchor, wording);
    const text = JSON.stringify(features);
    if (text === this.shown) return;
    this.shown = text;
    engine.setData(ROOM_LABEL_SOURCE, features);
    this.drawing.avoid(labels);
  }

  /** Names in sight: of rooms, then of what stands in them. */
  private placed(scale: LabelScale, at: Spot, zoom: number): RoomLabel[] {
    const { clientWidth, clientHeight } = this.element;
    const reachM = Math.hypot(clientWidth, clientHeight) / 2 / scale.pxPerM;
    const obstacles = this.obstacles(at, reachM);
    const place = (rooms: readonly LabelledRoom[]) => this.labels.place(roomsNear(rooms, at, reachM), scale, obstacles);
    const furniture = zoom < FURNITURE_ZOOM ? [] : place(this.furniture);
    const mayCover = obstacles.dots <= CROWD;
    return [...place(this.rooms).filter(({ crowded }) => mayCover || !crowded), ...furniture.filter(isClear)];
  }

  /** Dots in sight, and points along the lines between them. */
  private obstacles(at: Spot, reachM: number): Obstacles & { dots: number } {
    const { table, view } = this.state;
    const places: number[] = [];
    const isNear = (device: number) =>
      Math.abs(table.eastM[device]! - at.eastM) < reachM && Math.abs(table.northM[device]! - at.northM) < reachM;
    for (let slot = 0; slot < view.count; slot++) {
      const device = view.device[slot]!;
      if (isNear(device)) places.push(table.eastM[device]!, table.northM[device]!);
    }
    const dots = places.length / 2;
    if (dots > MOST_DOTS) return { dots, count: 0, places: new Float32Array(0) };
    let lines = 0;
    for (let line = 0; line < view.lineCount && lines < MOST_LINES; line++) {
      const a = view.device[view.lineA[line]!]!;
      const b = view.device[view.lineB[line]!]!;
      if (!isNear(a)) continue;
      lines++;
      for (let step = 1; step < LINE_STEPS; step++) {
        const t = step / LINE_STEPS;
        places.push(mix(table.eastM[a]!, table.eastM[b]!, t), mix(table.northM[a]!, table.northM[b]!, t));
      }
    }
    return { dots, count: places.length / 2, places: Float32Array.from(places) };
  }
}

function isClear({ crowded }: RoomLabel): boolean {
  return !crowded;
}

function mix(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
