import type { Palette } from "../theme/palette.ts";

/** Where a label lies in the atlas, texels. */
export interface AtlasCell {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const SIDE = 1_024;
const HEIGHT_PX = 16;
const PADDING_PX = 5;
const FONT_PX = 10.5;

/**
 * Small labels on pills, each drawn once with the page's own font and kept in one texture. When it is full, or the
 * colours change, it starts anew.
 */
export class LabelAtlas {
  readonly side = SIDE;
  private readonly canvas = new OffscreenCanvas(SIDE, SIDE);
  private readonly pen = this.canvas.getContext("2d", { willReadFrequently: true })!;
  private readonly cells = new Map<string, AtlasCell>();
  private readonly widths = new Map<string, number>();
  private nextLeft = 0;
  private nextTop = 0;
  private changed = true;
  private texture: WebGLTexture | null = null;
  private palette: Palette | null = null;
  private pixelRatio = 1;

  /** Prepares for colours and a screen; labels drawn for others are forgotten. */
  prepare(palette: Palette, pixelRatio: number): void {
    if (palette === this.palette && pixelRatio === this.pixelRatio) return;
    this.palette = palette;
    this.pixelRatio = pixelRatio;
    this.clear();
  }

  /** A label's size without drawing it, CSS pixels. */
  sizePx(text: string): { widthPx: number; heightPx: number } {
    let widthPx = this.widths.get(text);
    if (widthPx === undefined) {
      this.pen.font = this.font(1);
      widthPx = this.pen.measureText(text).width + 2 * PADDING_PX;
      this.widths.set(text, widthPx);
    }
    return { widthPx, heightPx: HEIGHT_PX };
  }

  /** The cell of a label, drawn if need be; null where the atlas was full, in which case it is empty now. */
  cell(text: string, contact: boolean): AtlasCell | null {
    const key = `${contact ? "c" : "n"}${text}`;
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    const drawn = this.drawPill(text, contact);
    if (drawn !== null) this.cells.set(key, drawn);
    return drawn;
  }

  /** Binds the texture to a unit, sending it if it changed. */
  bind(gl: WebGL2RenderingContext, unit: number): void {
    gl.activeTexture(gl.TEXTURE0 + unit);
    if (this.texture === null) {
      this.texture = gl.createTexture();
      this.changed = true;
    }
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (!this.changed) return;
    this.changed = false;
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, this.canvas);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  forget(gl: WebGL2RenderingContext): void {
    gl.deleteTexture(this.texture);
    this.texture = null;
  }

  private font(scale: number): string {
    return `650 ${FONT_PX * scale}px "Inter Variable", sans-serif`;
  }

  private clear(): void {
    this.cells.clear();
    this.pen.clearRect(0, 0, SIDE, SIDE);
    this.nextLeft = 0;
    this.nextTop = 0;
    this.changed = true;
  }

  private drawPill(text: string, contact: boolean): AtlasCell | null {
    const scale = this.pixelRatio;
    const { widthPx, heightPx } = this.sizePx(text);
    const width = Math.ceil(widthPx * scale);
    const height = Math.ceil(heightPx * scale);
    if (this.nextLeft + width > SIDE) {
      this.nextLeft = 0;
      this.nextTop += height + 1;
    }
    if (this.nextTop + height > SIDE) {
      this.clear();
      return null;
    }
    const cell = { left: this.nextLeft, top: this.nextTop, width, height };
    this.nextLeft += width + 1;
    this.changed = true;
    this.paintPill(cell, text, contact, scale);
    return cell;
  }

  private paintPill(cell: AtlasCell, text: string, contact: boolean, scale: number): void {
    const { pen } = this;
    const palette = this.palette!;
    const edge = 1.25 * scale;
    pen.fillStyle = palette.casing;
    pen.beginPath();
    pen.roundRect(cell.left, cell.top, cell.width, cell.height, cell.height / 2);
    pen.fill();
    pen.fillStyle = contact ? palette.contact : palette.near;
    pen.beginPath();
    pen.roundRect(cell.left + edge, cell.top + edge, cell.width - 2 * edge, cell.height - 2 * edge, cell.height / 2);
    pen.fill();
    pen.fillStyle = contact ? palette["on-contact"] : palette["on-near"];
    pen.font = this.font(scale);
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    pen.fillText(text, cell.left + cell.width / 2, cell.top + cell.height / 2 + FONT_PX * 0.36 * scale);
  }
}
