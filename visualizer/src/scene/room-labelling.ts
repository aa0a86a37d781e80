import { pxPerMetre } from "../drawing/anchored-matrix.ts";
import type { DeviceDrawing } from "../drawing/device-drawing.ts";
import type { MapEngine } from "../engine/engine.ts";
import { roomCounts } from "../layers/room-counts.ts";
import { ROOM_LABEL_SOURCE } from "../plan/plan-layers.ts";
import { type LabelledRoom, labelFeatures, labelledRooms, type Obstacles, RoomLabels } from "../plan/room-labels.ts";
import type { MapState } from "../state/map-state.ts";
import { labelWidthPx, loadFontFor } from "../theme/fonts.ts";

const PLAN_ZOOM = 15;
/** Beyond this a crowd is everywhere, and to look for gaps in it costs more than it gives. */
const MOST_DOTS = 5_000;
const LINE_STEPS = 6;

/** Keeps the names of rooms where nobody stands. */
export class RoomLabelling {
  private readonly state: MapState;
  private readonly drawing: DeviceDrawing;
  private rooms: readonly LabelledRoom[] = [];
  private labels = new RoomLabels();
  private shown = "";
  private fontReady = false;
  private fresh = false;

  constructor(state: MapState, drawing: DeviceDrawing) {
    this.state = state;
    this.drawing = drawing;
  }

  /** Takes over the rooms of the floor that is shown now; they are placed once it is known who is there. */
  take(): void {
    const { state } = this;
    this.rooms = labelledRooms(state.plan.peek() ?? null, state.floor.peek(), state.table.anchor);
    this.labels = new RoomLabels();
    this.fontReady = false;
    this.fresh = true;
    const { rooms } = this;
    void loadFontFor(`${rooms.map(({ name }) => name).join("")}0123456789()`).finally(() => {
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
    const { zoom } = engine.camera();
    const { anchor } = this.state.table;
    const layers = this.state.layers.peek();
    const counts = layers.has("counts") ? roomCounts(this.state) : null;
    const wording = (name: string) => (counts === null ? name : `${name} (${counts.get(name) ?? 0})`);
    const measurePx = (name: string, sizePx: number) => labelWidthPx(wording(name), sizePx);
    const scale = { pxPerM: pxPerMetre(anchor, zoom), measurePx };
    const named = layers.has("rooms") || counts !== null;
    const labels = zoom < PLAN_ZOOM || !named ? [] : this.labels.place(this.rooms, scale, this.obstacles());
    const features = labelFeatures(labels, anchor, wording);
    const text = JSON.stringify(features);
    if (text === this.shown) return;
    this.shown = text;
    engine.setData(ROOM_LABEL_SOURCE, features);
    this.drawing.avoid(labels);
  }

  /** Dots, and points along the lines between them. */
  private obstacles(): Obstacles {
    const { table, view } = this.state;
    if (view.count > MOST_DOTS || view.lineCount > MOST_DOTS) return { count: 0, places: new Float32Array(0) };
    const places: number[] = [];
    for (let slot = 0; slot < view.count; slot++) {
      const device = view.device[slot]!;
      places.push(table.eastM[device]!, table.northM[device]!);
    }
    for (let line = 0; line < view.lineCount; line++) {
      const a = view.device[view.lineA[line]!]!;
      const b = view.device[view.lineB[line]!]!;
      for (let step = 1; step < LINE_STEPS; step++) {
        const t = step / LINE_STEPS;
        places.push(mix(table.eastM[a]!, table.eastM[b]!, t), mix(table.northM[a]!, table.northM[b]!, t));
      }
    }
    return { count: places.length / 2, places: Float32Array.from(places) };
  }
}

function mix(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
