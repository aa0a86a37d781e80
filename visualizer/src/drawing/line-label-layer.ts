import type { DrawingView } from "../engine/engine.ts";
import type { FloorView } from "../live/floor-view.ts";
import { FloatTexture } from "./float-texture.ts";
import type { LabelAtlas } from "./label-atlas.ts";
import { type LabelWish, type PlacedLabel, placeLabels } from "./line-labels.ts";
import { cameraKey, onScreen, type ScreenPoints } from "./screen-points.ts";

/** More labels than this are not read by anybody. */
const MOST_LABELS = 120;
/** How many lines may try for one. */
const MOST_WISHES = 480;
/** How often labels may be placed anew while the camera moves, ms. */
const PLACE_EVERY_MS = 120;
/** Crowds this dense have no room for text. */
const CROWDED = 0.7;

/** With more lines than this in sight, only contacts say how long they last. */
const MANY_LINES = 30;

/** What is written at a line that one can hardly see seems to be about another. */
const FAINT = 0.3;

const LINE_BITS = 2 ** 24;
const OWN = 2 ** 44;

/** `7 min`, from an hour on `1 h 05`, from ten hours on `12 h`. */
export function minutesLabel(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 10 ? `${hours} h ${String(minutes % 60).padStart(2, "0")}` : `${hours} h`;
}

/** Something written on the map: where its middle is, and how large it is on the screen. */
export interface Writing {
  readonly eastM: number;
  readonly northM: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Which lines get a label and where these go on the screen, as a texture for the label shader. */
export class LineLabels {
  count = 0;
  /** Whether labels wait to be placed for a camera that moved on. */
  pending = false;
  readonly texture = new FloatTexture();
  private readonly atlas: LabelAtlas;
  private view: FloorView | null = null;
  private selectedSlot = -1;
  private writing: readonly Writing[] = [];
  private placedAtMs = 0;
  private placedFor = "";

  constructor(atlas: LabelAtlas) {
    this.atlas = atlas;
  }

  /** Takes the lines of a view, which must stay as they are until the next call. */
  take(view: FloorView, selectedSlot: number): void {
    this.view = view;
    this.selectedSlot = selectedSlot;
    this.placedFor = "";
  }

  /** Takes what else is written on the map, so as not to write over it. */
  avoid(writing: readonly Writing[]): void {
    this.writing = writing;
    this.placedFor = "";
  }

  /**
   * Places the labels for a camera, if it moved or the lines changed.
   * @param points where the devices are on the screen
   * @param strengths how strongly each line is drawn, 0 to 1
   */
  place(
    points: ScreenPoints,
    strengths: Float32Array,
    screen: DrawingView,
    toClip: Float32Array,
    crowding: number,
  ): void {
    const camera = cameraKey(screen, toClip);
    if (this.view === null || camera === this.placedFor) return;
    const nowMs = performance.now();
    this.pending = this.placedFor !== "" && nowMs - this.placedAtMs < PLACE_EVERY_MS;
    if (this.pending) return;
    this.placedFor = camera;
    this.placedAtMs = nowMs;
    this.count = 0;
    if (crowding > CROWDED || this.view.lineCount === 0) return;
    const wishes = this.choose(this.view, points, strengths, screen).map((line) => this.wish(this.view!, line));
    const taken = this.writing.map((box) => ({ ...onScreen(box.eastM, box.northM, screen, toClip), ...box }));
    this.fill(this.view, placeLabels(wishes, points, screen.widthPx, screen.heightPx, taken));
  }

  /** Lines on the screen: those of the selected device first, then the longest. */
  private choose(view: FloorView, points: ScreenPoints, strengths: Float32Array, screen: DrawingView): number[] {
    const inSight: number[] = [];
    for (let line = 0; line < view.lineCount; line++) {
      if (strengths[line]! >= FAINT && isInSight(view, line, points, screen)) inSight.push(line);
    }
    const few = inSight.length <= MANY_LINES;
    const keys = new Float64Array(inSight.length);
    let count = 0;
    for (const line of inSight) {
      const own = view.lineA[line] === this.selectedSlot || view.lineB[line] === this.selectedSlot;
      if (!own && !few && view.lineContact[line] === 0) continue;
      keys[count++] = (own ? OWN : 0) + view.lineMinutes[line]! * LINE_BITS + (LINE_BITS - 1 - line);
    }
    const best = keys.subarray(0, count).sort().subarray(-MOST_WISHES);
    return [...best].reverse().map((key) => LINE_BITS - 1 - (key % LINE_BITS));
  }

  private wish(view: FloorView, line: number): LabelWish {
    const size = this.atlas.sizePx(minutesLabel(view.lineMinutes[line]!));
    return { line, slotA: view.lineA[line]!, slotB: view.lineB[line]!, ...size };
  }

  private fill(view: FloorView, placed: readonly PlacedLabel[]): void {
    this.texture.reserve(MOST_LABELS * 2);
    for (const { line, offsetXPx, offsetYPx } of placed.slice(0, MOST_LABELS)) {
      const cell = this.atlas.cell(minutesLabel(view.lineMinutes[line]!), view.lineContact[line] === 1);
      if (cell === null) {
        // The atlas began anew: the cells so far are gone, and the next frame draws all again.
        this.count = 0;
        this.placedFor = "";
        this.pending = true;
        return;
      }
      const ends = [view.lineA[line]!, view.lineB[line]!];
      const row = [...ends, offsetXPx, offsetYPx, cell.left, cell.top, cell.width, cell.height];
      this.texture.values.set(row, this.count * 8);
      this.count++;
    }
  }
}

function isInSight(view: FloorView, line: number, points: ScreenPoints, screen: DrawingView): boolean {
  const a = view.lineA[line]!;
  const b = view.lineB[line]!;
  const x = (points.xPx[a]! + points.xPx[b]!) / 2;
  const y = (points.yPx[a]! + points.yPx[b]!) / 2;
  return x >= 0 && y >= 0 && x <= screen.widthPx && y <= screen.heightPx;
}
