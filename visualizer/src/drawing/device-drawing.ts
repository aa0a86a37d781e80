import type { MapAnchor } from "@encounter/core/wire/live";
import type { Drawing, DrawingView } from "../engine/engine.ts";
import { type DeviceTable, GLIDE_MS } from "../live/device-table.ts";
import { CONTACT, type FloorView, NEAR } from "../live/floor-view.ts";
import { type Palette, rgba } from "../theme/palette.ts";
import { anchoredToClip, pxPerMetre } from "./anchored-matrix.ts";
import { crowdingOf, type Extent, extentOf, isFarAway } from "./crowding.ts";
import { FloatTexture } from "./float-texture.ts";
import { FramePace } from "./frame-pace.ts";
import { LabelAtlas } from "./label-atlas.ts";
import { LineLabels, type Writing } from "./line-label-layer.ts";
import { LINE_CERTAIN, LINE_CONTACT, LINE_OWN, thinLines } from "./line-thinning.ts";
import { createProgram, type Program } from "./program.ts";
import { cameraKey, projected, type ScreenPoints } from "./screen-points.ts";
import { dotShaders, labelShaders, lineShaders, ringShaders } from "./shaders.ts";

const BIT_NEAR = 1;
const BIT_CONTACT = 2;
const BIT_STALE = 4;
const BIT_SELECTED = 8;
const BIT_HOVERED = 16;

const STALE_OPACITY = 0.5;
/** Of lines and rings of others while a device is selected. */
const BEHIND_OPACITY = 0.45;
/** A ring this small says nothing that the dot does not. */
const LEAST_RING_PX = 4;
/** What shows of a line between its two dots must be this long to be seen. */
const LEAST_LINE_PX = 3;
const QUAD = 6;

/** Texture units: the engines restore their own after a custom layer. */
const DEVICE_UNIT = 0;
const SECOND_UNIT = 1;
const ATLAS_UNIT = 2;

/** What of a view is drawn besides the dots. */
export interface ShownParts {
  readonly rings: boolean;
  readonly lines: boolean;
  readonly labels: boolean;
}

interface Programs {
  readonly rings: Program;
  readonly lines: Program;
  readonly dots: Program;
  readonly labels: Program;
}

/**
 * Draws a {@link FloorView}: accuracy rings in true metres, lines, centre dots, and the minutes of lines. It is told
 * of new data with {@link update} and costs no script between updates but a few calls a frame: places glide on the
 * graphics card.
 */
export class DeviceDrawing implements Drawing {
  private programs: Programs | null = null;
  private vertices: WebGLVertexArrayObject | null = null;
  private readonly devices = new FloatTexture();
  /** Of all lines, and of those that are drawn. */
  private lines = new Float32Array(0);
  /** How strongly each of all lines is drawn. */
  private strengths = new Float32Array(0);
  private readonly shownLines = new FloatTexture();
  private readonly atlas = new LabelAtlas();
  private readonly labels = new LineLabels(this.atlas);
  private readonly pace = new FramePace();

  private readonly onDraw: () => void;
  private anchor: MapAnchor = { longitude: 0, latitude: 0 };
  private palette: Palette;
  private reducedMotion = false;
  private parts: ShownParts = { rings: true, lines: true, labels: true };
  private selected: number | null = null;
  private hovered: number | null = null;
  private other: number | null = null;
  private count = 0;
  private extent: Extent = { eastM: 0, northM: 0, used: 1 };
  private lineCount = 0;
  private shownLineCount = 0;
  /** Where the devices are on the screen, for a camera. */
  private points: ScreenPoints = { count: 0, xPx: new Float32Array(0), yPx: new Float32Array(0) };
  private pointsFor = "";
  private slotOfSelected = -1;
  private slotOfHovered = -1;
  /** Of the other device of the contact that is looked into. */
  private slotOfOther = -1;
  private uploadPending = false;
  private updatedAtMs = 0;
  private glidesUntilMs = 0;

  /** @param onDraw called whenever it is drawn */
  constructor(palette: Palette, onDraw: () => void = () => {}) {
    this.palette = palette;
    this.onDraw = onDraw;
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
  }

  setReducedMotion(reduced: boolean): void {
    this.reducedMotion = reduced;
  }

  /** Which parts are drawn. */
  show(parts: ShownParts): void {
    this.parts = parts;
  }

  /** Which devices stand out, by index in the table; seen with the next {@link update}. */
  emphasise(selected: number | null, hovered: number | null, other: number | null = null): void {
    this.selected = selected;
    this.hovered = hovered;
    this.other = other;
  }

  /** Tells what else is written on the map. */
  avoid(writing: readonly Writing[]): void {
    this.labels.avoid(writing);
  }

  /**
   * Takes over what a view shows.
   * @param nowMs the clock that the table's movements are on
   */
  update(table: DeviceTable, view: FloorView, nowMs: number): void {
    this.anchor = table.anchor;
    this.updatedAtMs = nowMs;
    this.count = view.count;
    this.lineCount = this.parts.lines ? view.lineCount : 0;
    this.slotOfSelected = this.selected === null ? -1 : view.slot(this.selected);
    this.slotOfHovered = this.hovered === null ? -1 : view.slot(this.hovered);
    this.slotOfOther = this.other === null ? -1 : view.slot(this.other);
    this.fillDevices(table, view, nowMs);
    this.fillLines(view);
    this.labels.take(view, this.slotOfSelected);
    this.uploadPending = true;
  }

  start(gl: WebGL2RenderingContext): void {
    this.programs = {
      rings: createProgram(gl, ringShaders),
      lines: createProgram(gl, lineShaders),
      dots: createProgram(gl, dotShaders),
      labels: createProgram(gl, labelShaders),
    };
    this.vertices = gl.createVertexArray();
    this.forgetTextures(gl);
    this.uploadPending = true;
  }

  stop(gl: WebGL2RenderingContext): void {
    for (const { handle } of Object.values(this.programs ?? {}) as Program[]) gl.deleteProgram(handle);
    gl.deleteVertexArray(this.vertices);
    this.programs = null;
    this.forgetTextures(gl);
  }

  draw(gl: WebGL2RenderingContext, view: DrawingView): boolean {
    if (this.programs === null || this.count === 0 || view.widthPx === 0) return false;
    const nowMs = performance.now();
    this.onDraw();
    if (this.uploadPending) this.upload(gl);
    const toClip = anchoredToClip(this.anchor, view.worldToClip);
    const scalePx = pxPerMetre(this.anchor, view.zoom);
    if (isFarAway(this.extent, scalePx, view.zoom)) return false;
    const crowding = crowdingOf(this.count, this.extent, scalePx);
    const dotPx = dotPxOf(scalePx, crowding);
    this.look(gl, view, toClip, dotPx);
    gl.bindVertexArray(this.vertices);
    this.devices.bind(gl, DEVICE_UNIT);
    const use = (program: Program) => this.use(gl, program, view, toClip, scalePx, nowMs);
    this.drawRings(gl, use, crowding);
    this.drawLines(gl, use);
    this.drawDots(gl, use, dotPx, crowding);
    if (this.parts.lines && this.parts.labels) this.drawLabels(gl, use, view, toClip, crowding);
    gl.bindVertexArray(null);
    gl.activeTexture(gl.TEXTURE0);
    const gliding = nowMs < this.glidesUntilMs;
    this.pace.frame(nowMs, gliding);
    return (gliding && this.glideMs() > 0) || this.labels.pending;
  }

  private glideMs(): number {
    return this.reducedMotion || this.pace.tooSlow ? 0 : GLIDE_MS;
  }

  private fillDevices(table: DeviceTable, view: FloorView, nowMs: number): void {
    this.devices.reserve(view.count * 2);
    const { values } = this.devices;
    let lastMovedMs = 0;
    for (let slot = 0; slot < view.count; slot++) {
      const device = view.device[slot]!;
      const at = slot * 8;
      values[at] = table.fromEastM[device]!;
      values[at + 1] = table.fromNorthM[device]!;
      values[at + 2] = table.eastM[device]!;
      values[at + 3] = table.northM[device]!;
      values[at + 4] = table.radiusM[device]!;
      values[at + 5] = (table.movedAtMs[device]! - nowMs) / 1_000;
      values[at + 6] = this.lookOf(view, slot);
      values[at + 7] = view.stale[slot] === 1 ? STALE_OPACITY : 1;
      if (table.movedAtMs[device]! > lastMovedMs) lastMovedMs = table.movedAtMs[device]!;
    }
    this.extent = extentOf(values, view.count);
    this.glidesUntilMs = lastMovedMs + GLIDE_MS;
  }

  private lookOf(view: FloorView, slot: number): number {
    const standing = view.standing[slot];
    let look = standing === CONTACT ? BIT_CONTACT : standing === NEAR ? BIT_NEAR : 0;
    if (view.stale[slot] === 1) look |= BIT_STALE;
    if (slot === this.slotOfSelected || slot === this.slotOfOther) look |= BIT_SELECTED;
    else if (slot === this.slotOfHovered) look |= BIT_HOVERED;
    return look;
  }

  private fillLines(view: FloorView): void {
    if (this.lines.length < this.lineCount * 4) this.lines = new Float32Array(this.lineCount * 8);
    const values = this.lines;
    const selected = this.slotOfSelected;
    for (let line = 0; line < this.lineCount; line++) {
      const at = line * 4;
      const own = this.isOwn(view.lineA[line]!, view.lineB[line]!);
      values[at] = view.lineA[line]!;
      values[at + 1] = view.lineB[line]!;
      const bits = view.lineContact[line]! * LINE_CONTACT + view.lineCertain[line]! * LINE_CERTAIN;
      values[at + 2] = own ? bits + LINE_OWN : bits;
      values[at + 3] = selected < 0 || own ? 1 : BEHIND_OPACITY;
    }
  }

  /** Whether a line is what one looks at: one of the selected device or, in a contact, the one between the two. */
  private isOwn(slotA: number, slotB: number): boolean {
    if (slotA !== this.slotOfSelected && slotB !== this.slotOfSelected) return false;
    return this.slotOfOther < 0 || slotA === this.slotOfOther || slotB === this.slotOfOther;
  }

  private upload(gl: WebGL2RenderingContext): void {
    this.uploadPending = false;
    this.devices.upload(gl, DEVICE_UNIT, this.count * 2);
    this.pointsFor = "";
  }

  /** Works out where all is on the screen and which lines are drawn, where the camera or the data are others. */
  private look(gl: WebGL2RenderingContext, view: DrawingView, toClip: Float32Array, dotPx: number): void {
    const camera = cameraKey(view, toClip);
    if (camera === this.pointsFor) return;
    this.pointsFor = camera;
    this.points = projected(this.devices.values, this.count, view, toClip);
    this.shownLines.reserve(this.lineCount);
    if (this.strengths.length < this.lineCount) this.strengths = new Float32Array(this.lineCount * 2);
    const lines = { values: this.lines, count: this.lineCount, strengths: this.strengths };
    this.shownLineCount = thinLines(lines, this.points, view, 2 * dotPx + LEAST_LINE_PX, this.shownLines.values);
    if (this.shownLineCount > 0) this.shownLines.upload(gl, SECOND_UNIT, this.shownLineCount);
  }

  private use(
    gl: WebGL2RenderingContext,
    program: Program,
    view: DrawingView,
    toClip: Float32Array,
    scalePx: number,
    nowMs: number,
  ): void {
    const { palette } = this;
    gl.useProgram(program.handle);
    gl.uniform1i(program.uniform("uDevices"), DEVICE_UNIT);
    gl.uniformMatrix4fv(program.uniform("uToClip"), false, toClip);
    gl.uniform2f(program.uniform("uViewportPx"), view.widthPx, view.heightPx);
    gl.uniform1f(program.uniform("uPxPerM"), scalePx);
    gl.uniform1f(program.uniform("uNowS"), (nowMs - this.updatedAtMs) / 1_000);
    gl.uniform1f(program.uniform("uGlideS"), this.glideMs() / 1_000);
    gl.uniform1f(program.uniform("uPixelRatio"), view.pixelRatio);
    gl.uniform4fv(program.uniform("uAlone"), rgba(palette.device));
    gl.uniform4fv(program.uniform("uNear"), rgba(palette.near));
    gl.uniform4fv(program.uniform("uContact"), rgba(palette.contact));
    gl.uniform4fv(program.uniform("uStale"), rgba(palette.stale));
    gl.uniform4fv(program.uniform("uSelected"), rgba(palette.selected));
    gl.uniform4fv(program.uniform("uCasing"), rgba(palette.casing));
    gl.uniform4fv(program.uniform("uHeart"), rgba(palette.heart));
    gl.uniform4fv(program.uniform("uRim"), rgba(palette.selected));
  }

  private drawRings(gl: WebGL2RenderingContext, use: (program: Program) => void, crowding: number): void {
    const { rings } = this.programs!;
    use(rings);
    gl.uniform1f(rings.uniform("uLeastPx"), LEAST_RING_PX);
    gl.uniform1f(rings.uniform("uRoom"), (1 - crowding) * (this.slotOfSelected < 0 ? 1 : BEHIND_OPACITY * 1.5));
    if (crowding < 0.98 && this.parts.rings) gl.drawArrays(gl.TRIANGLES, 0, this.count * QUAD);
    for (const slot of this.emphasised()) gl.drawArrays(gl.TRIANGLES, slot * QUAD, QUAD);
  }

  private drawLines(gl: WebGL2RenderingContext, use: (program: Program) => void): void {
    if (this.shownLineCount === 0) return;
    const { lines } = this.programs!;
    use(lines);
    this.shownLines.bind(gl, SECOND_UNIT);
    gl.uniform1i(lines.uniform("uLines"), SECOND_UNIT);
    gl.drawArrays(gl.TRIANGLES, 0, this.shownLineCount * QUAD);
  }

  private drawDots(gl: WebGL2RenderingContext, use: (program: Program) => void, dotPx: number, crowding: number): void {
    const { dots } = this.programs!;
    use(dots);
    gl.uniform1f(dots.uniform("uDotPx"), dotPx);
    gl.uniform1f(dots.uniform("uCasingPx"), 1.5 - crowding);
    gl.drawArrays(gl.TRIANGLES, 0, this.count * QUAD);
    for (const slot of this.emphasised()) gl.drawArrays(gl.TRIANGLES, slot * QUAD, QUAD);
  }

  private drawLabels(
    gl: WebGL2RenderingContext,
    use: (program: Program) => void,
    view: DrawingView,
    toClip: Float32Array,
    crowding: number,
  ): void {
    this.atlas.prepare(this.palette, view.pixelRatio);
    this.labels.place(this.points, this.strengths, view, toClip, crowding);
    if (this.labels.count === 0) return;
    const { labels } = this.programs!;
    use(labels);
    this.labels.texture.upload(gl, SECOND_UNIT, this.labels.count * 2);
    this.atlas.bind(gl, ATLAS_UNIT);
    gl.uniform1i(labels.uniform("uLabels"), SECOND_UNIT);
    gl.uniform1i(labels.uniform("uAtlas"), ATLAS_UNIT);
    gl.uniform2f(labels.uniform("uAtlasSize"), this.atlas.side, this.atlas.side);
    gl.drawArrays(gl.TRIANGLES, 0, this.labels.count * QUAD);
  }

  private emphasised(): number[] {
    return [this.slotOfHovered, this.slotOfOther, this.slotOfSelected].filter((slot) => slot >= 0);
  }

  private forgetTextures(gl: WebGL2RenderingContext): void {
    this.devices.forget(gl);
    this.shownLines.forget(gl);
    this.labels.texture.forget(gl);
    this.atlas.forget(gl);
  }
}

/** Radius of a dot: larger where there is room. */
function dotPxOf(scalePx: number, crowding: number): number {
  const roomyPx = Math.min(5, Math.max(2.4, 2.2 + scalePx * 0.13));
  return roomyPx - (roomyPx - 1.6) * crowding;
}
